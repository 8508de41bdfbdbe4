import fc from 'fast-check';
import { instantMs, utcInstant } from '../../../src/study/instant.js';
import { USUAL_HOURS, View, type WorkingHours } from '../../../src/study/projections/projection.js';
import {
  BURST,
  REGULAR,
  REVIEW_LISTS,
  type ReviewRow,
  type Trail,
} from '../../../src/study/projections/review-lists.js';
import { review, type ReviewAnswer } from '../../../src/study/projections/review.projection.js';
import type { StoredStudyRecord, StudyRecord } from '../../../src/study/record.js';
import { isReviewed } from '../../../src/study/signatures/makers.js';
import { unreviewedIn } from '../../../src/study/signatures/reviews.js';
import { runs } from '../../support/effort.js';
import { about, at, because, begun, day, weighed } from '../bench.js';
import { anyStep, play } from '../histories.js';
import { by, signs } from '../signing.js';
import { sent, type Given, type Sent } from '../specification.js';

/** Record 3 a weight on a Thursday. */
const weighedOnce = begun().and(weighed(day(3)));

function reviewed(from: number, to: number, clock: string, actor = 'qa-1'): Sent {
  return by(actor, sent('ReviewTrail', { data: { from, to, findings: 'Nothing to remark' } }, clock));
}

function corrected(given: Given, number: number, grams: string, clock: string): Sent {
  const holder = given.study.corrections.get(number)?.at(-1) ?? number;
  const data = {
    target: { number },
    replaces: { number: holder },
    corrected: { weight: { value: grams, unit: 'g' } },
  };
  return sent('CorrectRecord', { reason: 'Digits swapped', data }, clock);
}

function answerOf({ study }: Given, hours?: WorkingHours): ReviewAnswer {
  return review.project(new View(study, Infinity, undefined, hours));
}

function rowsIn(answer: ReviewAnswer, name: string): readonly ReviewRow[] {
  const found = answer.lists.find(({ list }) => list === name)!;
  expect(found.count).toBe(found.rows.length);
  expect(found.rule).toMatch(/^[A-Z].*\.$/s);
  return found.rows;
}

describe('a review of the trail', () => {
  it('is refused to whoever made one of the records, under any id, and to whoever is named in it [R8 R18]', () => {
    const given = weighedOnce.and(by('tech-2', weighed(day(4), '244.00')));
    given.whenSent(reviewed(3, 3, day(5), 'tech-1')).then.refused('own-record', 'data.from');
    given.whenSent(reviewed(3, 3, day(5), 'tech-2')).then.records({ type: 'TrailReviewed' });
    const observed = given.and(at(day(5), about('R01', 'RecordBodyWeight', { observedBy: 'qa-1' })));
    observed.whenSent(reviewed(4, 5, day(6))).then.refused('own-record', 'data.from');
  });

  it('does not make a maker, and need not be reviewed', () => {
    const given = weighedOnce.and(reviewed(0, 3, day(4)));
    given.whenSent(reviewed(0, 4, day(5))).then.records({ data: { from: 0, to: 4 } });
    expect(answerOf(given).unreviewed).toEqual([]);
  });

  it('goes no further than the records there are', () => {
    weighedOnce.whenSent(reviewed(0, 4, day(4))).then.refused('range-invalid', 'data.to');
    weighedOnce.whenSent(reviewed(2, 1, day(4))).then.refused('range-invalid', 'data.to');
  });

  it('leaves open what came after it, as ranges [R8]', () => {
    const given = weighedOnce.and(reviewed(1, 2, day(4)), weighed(day(5), '244.00'));
    expect(answerOf(given).unreviewed).toEqual([
      { from: 0, to: 0 },
      { from: 3, to: 5 },
    ]);
  });

  it('is superseded, through its signature, by a correction made after it [R8]', () => {
    const signed = weighedOnce.and(reviewed(0, 3, day(4)), signs('qa-1', 'reviewed', 4, day(4, '11:00')));
    expect(answerOf(signed).reviews).toMatchObject([
      { record: 4, reviewer: 'qa-1', signature: 5, status: 'valid', supersededBy: null },
    ]);
    const after = signed.and(corrected(signed, 3, '234.70', day(5)));
    expect(answerOf(after).reviews).toMatchObject([{ record: 4, status: 'superseded', supersededBy: 6 }]);
    expect(rowsIn(answerOf(after), 'corrected-after-review')).toMatchObject([
      { record: 6, why: 'changes #3, which qa-1 had reviewed before as #4' },
    ]);
    // The review is of what was there: it does not hold again when the correction is withdrawn.
    const back = after.and(
      sent('VoidRecord', { reason: 'It was right', data: { target: { number: 6 } } }, day(6)),
    );
    expect(answerOf(back).reviews).toMatchObject([{ status: 'superseded', supersededBy: 6 }]);
    expect(rowsIn(answerOf(back), 'corrected-after-review')).toMatchObject([{ record: 6 }, { record: 7 }]);
  });

  it('says of each list that it is empty', () => {
    const answer = answerOf(begun());
    const empty = answer.lists.filter(({ count }) => count === 0).map(({ list }) => list);
    expect(empty).toEqual(REVIEW_LISTS.map(({ name }) => name));
  });

  it('lists what is late, corrected twice, and withdrawn, with the reason [R8]', () => {
    const late = begun().and(
      because('Sheet found', { name: 'RecordBodyWeight', body: weighed(day(3)).body, clock: day(5) }),
    );
    const once = late.and(corrected(late, 3, '234.70', day(6)));
    const twice = once.and(corrected(once, 3, '224.70', day(7)));
    const voided = twice.and(
      sent('VoidRecord', { reason: 'Another animal', data: { target: { number: 3 } } }, day(8)),
    );
    const answer = answerOf(voided);
    expect(rowsIn(answer, 'late')).toMatchObject([
      { record: 3, why: 'recorded 48 h after it happened: “Sheet found”' },
      { record: 4, why: 'corrects a late record: “Digits swapped”' },
      { record: 5 },
    ]);
    expect(rowsIn(answer, 'corrected-repeatedly')).toMatchObject([
      { record: 3, why: 'corrected 2 times: #4, #5' },
    ]);
    expect(rowsIn(answer, 'voids')).toMatchObject([{ record: 6, why: 'withdraws #3: “Another animal”' }]);
    expect(rowsIn(answerOf(once), 'corrected-repeatedly')).toEqual([]);
  });

  it('asks the clock on the wall of the site, in summer and in winter, and says the hours', () => {
    const zone = 'Europe/Amsterdam';
    const given = begun().and(weighed('2026-03-27T18:30:00Z'), weighed('2026-03-30T17:30:00Z', '244.00'));
    const hours = { ...USUAL_HOURS, zone };
    // Friday 19:30, and after the clock was set, Monday 19:30.
    expect(rowsIn(answerOf(given, hours), 'out-of-hours')).toMatchObject([
      { record: 3, why: 'recorded on a Friday at 19:30' },
      { record: 4, why: 'recorded on a Monday at 19:30' },
    ]);
    expect(rowsIn(answerOf(given, { ...hours, to: 20 * 60 }), 'out-of-hours')).toEqual([]);
    expect(answerOf(given, hours).hours).toEqual({ zone, from: '07:00', to: '19:00', weekends: 'out' });
    const sunday = begun().and(weighed('2026-03-08T10:00:00Z'));
    expect(rowsIn(answerOf(sunday), 'out-of-hours')).toMatchObject([
      { record: 3, why: 'recorded on a Sunday at 10:00' },
    ]);
    expect(rowsIn(answerOf(sunday, { ...USUAL_HOURS, weekends: 'in' }), 'out-of-hours')).toEqual([]);
  });
});

/** Weights by two persons: who, how many seconds after the one before, and what the balance said. */
const anyWeights = fc.array(
  fc.record({
    actor: fc.constantFrom('tech-1', 'tech-2'),
    after: fc.constantFrom(0, 5, 20, 40, 200),
    grams: fc.constantFrom('240', '241'),
  }),
  { maxLength: 60 },
);

function trailOf(weights: readonly { actor: string; after: number; grams: string }[]): Trail {
  let ms = Date.parse('2026-03-02T08:00:00Z');
  const records = weights.map(({ actor, after, grams }, number): StoredStudyRecord => {
    const recordedtime = utcInstant((ms += after * 1000));
    const data = { weight: { value: grams, unit: 'g' } };
    const record = { type: 'BodyWeightRecorded', actor, recordedtime, time: recordedtime, data };
    return { number, leaf: '', record: record as unknown as StudyRecord };
  });
  return { records, changes: [], reviews: [], hours: USUAL_HOURS };
}

function find(name: string, trail: Trail): ReviewRow[] {
  return REVIEW_LISTS.find((one) => one.name === name)!.find(trail);
}

const atMs = ({ record }: StoredStudyRecord): number => instantMs(record.recordedtime)!;
const ofActor = ({ records }: Trail, actor: string) => records.filter(({ record }) => record.actor === actor);

describe('the lists of what deserves a look', () => {
  it('have every burst of one person, and no other record, as by trying all windows [R8]', () => {
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const trail = trailOf(weights);
        const found = find('bursts', trail);
        let expected = 0;
        for (const actor of ['tech-1', 'tech-2']) {
          const own = ofActor(trail, actor);
          const isIn = own.map((_, index) =>
            own.some((__, first) => {
              const window = own.slice(first, first + BURST.records);
              const isBurst =
                window.length === BURST.records &&
                atMs(window.at(-1)!) - atMs(window[0]!) <= BURST.minutes * 60_000;
              return isBurst && first <= index && index < first + BURST.records;
            }),
          );
          expected += isIn.filter(Boolean).length;
          for (const { record, count = 0 } of found.filter((row) => row.actor === actor)) {
            const first = own.findIndex(({ number }) => number === record);
            expect(isIn.slice(first, first + count)).toEqual(Array(count).fill(true));
          }
        }
        expect(found.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(expected);
      }),
      runs(300),
    );
  });

  it('have every value that one person gave too often in a row, as by counting back from each', () => {
    fc.assert(
      fc.property(anyWeights, (weights) => {
        const trail = trailOf(weights);
        const expected = ['tech-1', 'tech-2'].flatMap((actor) => {
          const own = ofActor(trail, actor);
          const value = (index: number): unknown => JSON.stringify(own[index]?.record.data);
          return own.flatMap(({ number }, index) => {
            let count = 1;
            while (index + count < own.length && value(index + count) === value(index)) count++;
            const isFirst = index === 0 || value(index - 1) !== value(index);
            return isFirst && count >= REGULAR ? [{ record: number, count }] : [];
          });
        });
        const found = find('too-regular', trail).map(({ record, count }) => ({ record, count }));
        expect(found.sort((a, b) => a.record - b.record)).toEqual(
          expected.sort((a, b) => a.record - b.record),
        );
      }),
      runs(300),
    );
  });

  it('have, of any history, exactly the records with their flag', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
        const study = play(steps).at(-1)!;
        const answer = review.project(new View(study));
        const numbers = (isListed: (record: StudyRecord) => boolean): number[] =>
          [...study.records].filter(({ record }) => isListed(record)).map(({ number }) => number);
        const has = (flag: string) => (record: StudyRecord) => {
          const { flags = [], corrected = {} } = record.data as { flags?: string[]; corrected?: object };
          return [...flags, ...((corrected as { flags?: string[] }).flags ?? [])].includes(flag);
        };
        const listed = (name: string): number[] => rowsIn(answer, name).map(({ record }) => record);
        expect(listed('late')).toEqual(numbers(has('late')));
        expect(listed('deviations')).toEqual(numbers(has('deviation')));
        expect(listed('delayed-entry')).toEqual(numbers(has('delayed-entry')));
        expect(listed('voids')).toEqual(numbers(({ type }) => type === 'RecordVoided'));
      }),
      runs(40),
    );
  });
});

describe('what nobody has reviewed', () => {
  const anyRange = fc
    .tuple(fc.nat(40), fc.nat(40))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

  it('is every record that no review covers, and ranges touch no reviewed one', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 30 }),
        fc.array(anyRange, { maxLength: 4 }),
        (steps, ranges) => {
          const study = play(steps).at(-1)!;
          const isSeen = (number: number): boolean =>
            ranges.some(({ from, to }) => from <= number && number <= to);
          const due = [...study.records].filter(({ record }) => isReviewed(record));
          const open = unreviewedIn(study, ranges);
          const isOpen = (number: number): boolean =>
            open.some(({ from, to }) => from <= number && number <= to);
          for (const { number } of due) expect(isOpen(number)).toBe(!isSeen(number));
          for (const { from, to } of open)
            expect(due.filter(({ number }) => [from, to].includes(number))).not.toEqual([]);
        },
      ),
      runs(100),
    );
  });
});
