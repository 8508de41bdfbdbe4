import fc from 'fast-check';
import { isMerelyLate } from '../../src/console/bench/merely-late.js';
import {
  instantHere,
  isOfTheSession,
  isUnanswered,
  lateReason,
  nextToSend,
  othersWait,
  pairsOf,
  withEntry,
  type KeptEntry,
} from '../../src/console/client/lib/kept-entry.js';
import { Reason, matches } from '../../src/study/schema.js';
import { instantMs } from '../../src/study/instant.js';
import { runs } from '../support/effort.js';

const entry = (changes: Partial<KeptEntry> = {}): KeptEntry => ({
  id: '018f0000-0000-7000-8000-000000000001',
  person: 'tech-1',
  address: '/studies/KET-01/bench/enter/record-body-weight',
  pairs: 'id=018f0000-0000-7000-8000-000000000001&subject=R01&data.weight.value=243.70',
  label: 'Body weight, R01',
  enteredAt: '2026-03-09T09:24:05.120+01:00',
  ...changes,
});

describe('an answer', () => {
  it('leaves an entry waiting where nothing was recorded, or nobody knows', () => {
    const statuses = [0, 200, 201, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504, 507];
    expect(statuses.filter((status) => isUnanswered({ status }))).toEqual([0, 502, 503, 504, 507]);
  });

  it('is about the session and not about the entry, where somebody has to sign in', () => {
    const codes = ['session-expired', 'sign-in-required', 'person-other', 'not-permitted', 'field-missing'];
    expect(codes.filter((code) => isOfTheSession({ code }))).toEqual([
      'session-expired',
      'sign-in-required',
      'person-other',
    ]);
  });
});

describe('what is sent of an entry that was kept', () => {
  it('is what the form said, who made it and when', () => {
    expect(Object.fromEntries(pairsOf(entry()))).toEqual({
      id: entry().id,
      subject: 'R01',
      'data.weight.value': '243.70',
      person: 'tech-1',
      enteredAt: '2026-03-09T09:24:05.120+01:00',
    });
  });

  it('says so where it is given up', () => {
    const discarded = { because: 'Wrong animal', at: '2026-03-09T09:30:00.000+01:00' };
    const pairs = pairsOf(entry({ discarded }));
    expect([pairs.get('discard'), pairs.get('discardedAt'), pairs.get('id')]).toEqual([
      'Wrong animal',
      '2026-03-09T09:30:00.000+01:00',
      entry().id,
    ]);
  });

  it('keeps every pair in its order, also those of one name', () => {
    const pair = fc.tuple(
      fc.constantFrom('data.a', 'data.b', 'data.scores[0].score', 'subject'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(pair), (typed) => {
        const pairs = new URLSearchParams(typed).toString();
        const sent = [...pairsOf(entry({ pairs }), 'Entered later')];
        expect(sent.slice(0, typed.length)).toEqual([...new URLSearchParams(pairs)]);
        expect(sent.slice(typed.length).map(([name]) => name)).toEqual([
          'person',
          'enteredAt',
          'lateBecause',
        ]);
      }),
      runs(200),
    );
  });

  it('has a reason that a record takes, where lateness alone asks for one', () => {
    expect(lateReason(entry())).toBe(
      'Entered at 09:24 on Mon 9 Mar 2026 (+01:00) while there was no connection',
    );
    expect(matches(Reason, lateReason(entry()))).toBe(true);
    expect(isMerelyLate(['delayed-entry', 'late'])).toBe(true);
    expect(isMerelyLate(['delayed-entry', 'deviation', 'late', 'washout-short'])).toBe(false);
    expect(isMerelyLate(['delayed-entry', 'late', 'query', 'same-as'])).toBe(false);
    expect(isMerelyLate(['delayed-entry'])).toBe(false);
  });

  it('has its time to the millisecond, with the offset of the device', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        expect(instantMs(instantHere(ms))).toBe(ms);
      }),
      runs(200),
    );
  });
});

describe('the list', () => {
  const anEntry = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    person: fc.constantFrom('tech-1', 'tech-2', ''),
    refused: fc.option(fc.constant('not enrolled'), { nil: undefined }),
  });
  const list = fc
    .array(anEntry)
    .map((all) =>
      all.reduce<KeptEntry[]>(
        (entries, { refused, ...one }) => withEntry(entries, entry({ ...one, ...(refused && { refused }) })),
        [],
      ),
    );

  it('has an entry once, in the place where it first stood', () => {
    fc.assert(
      fc.property(list, (entries) => {
        const ids = entries.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const [place, one] of entries.entries())
          expect(
            withEntry(entries, { ...one, label: 'again' }).findIndex(({ label }) => label === 'again'),
          ).toBe(place);
      }),
      runs(200),
    );
  });

  it('is sent in its order, by its person, without what was refused; others see how many there are', () => {
    fc.assert(
      fc.property(list, fc.constantFrom('tech-1', 'tech-2', ''), (entries, person) => {
        const next = nextToSend(entries, person);
        const mine = entries.filter((one) => one.person === person);
        expect(next).toBe(mine.find(({ refused }) => refused === undefined));
        const told =
          othersWait(entries, person)
            .join()
            .match(/\d+(?= entr)/g) ?? [];
        expect(told.reduce((sum, count) => sum + Number(count), 0)).toBe(entries.length - mine.length);
      }),
      runs(200),
    );
    expect(othersWait([entry(), entry({ id: 'b' }), entry({ id: 'c', person: 'tech-2' })], 'sd-1')).toEqual([
      '2 entries of tech-1 wait',
      '1 entry of tech-2 waits',
    ]);
  });
});
