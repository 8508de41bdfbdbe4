import fc from 'fast-check';
import { directorOf, directorsOf, studyAt } from '../../../src/study/study.js';
import { openActs } from '../../../src/study/signatures/open-acts.js';
import { Refusal } from '../../../src/study/refusal.js';
import { corrected, voided } from '../bench.js';
import { governed, handedOver, replaced } from '../governed.js';
import { by, signs } from '../signing.js';
import type { Given, Sent } from '../specification.js';
import { runs } from '../../support/effort.js';

/** Record 4. */
const handing = governed().and(handedOver('sd-02'));
const replacing = governed().and(replaced('sd-03'));

function directing({ study }: Given): string | undefined {
  return directorOf(study);
}

describe('a hand-over in a governed study', () => {
  it('holds from the second of the two signatures on, whoever signs first [R29]', () => {
    for (const [first, second] of [
      ['sd-01', 'sd-02'],
      ['sd-02', 'sd-01'],
    ] as const) {
      const half = handing.and(signs(first, 'approved', 4));
      expect(directing(half)).toBe('sd-01');
      expect(openActs(half.study)).toMatchObject([
        { kind: 'hand-over', record: 4, waitsFor: { persons: [second] } },
        { kind: 'review' },
      ]);
      const whole = half.and(signs(second, 'approved', 4));
      expect(directorsOf(whole.study)).toEqual([
        { director: 'sd-01', record: 0 },
        { director: 'sd-02', record: 6 },
      ]);
    }
  });

  it('does not hold by the signatures of others', () => {
    expect(directing(handing.and(signs('sd-03', 'approved', 4)))).toBe('sd-01');
  });

  it('lapses where management has replaced the director meanwhile', () => {
    const half = handing.and(signs('sd-01', 'approved', 4), replaced('sd-03'), signs('mgr-1', 'approved', 6));
    expect(directing(half)).toBe('sd-03');
    half.whenSent(signs('sd-02', 'approved', 4)).then.refused('act-lapsed', 'data.records');
  });

  it('is withdrawn while it is not signed by both, and not afterwards', () => {
    const half = handing.and(signs('sd-01', 'approved', 4));
    const withdrawn = half.and(by('sd-01', voided(4)));
    expect(openActs(withdrawn.study).map(({ kind }) => kind)).toEqual(['review']);
    const whole = half.and(signs('sd-02', 'approved', 4));
    whole.whenSent(by('sd-02', voided(4))).then.refused('not-voidable', 'data.target');
    whole
      .whenSent(by('sd-02', corrected(4, { corrected: { to: 'sd-03' } })))
      .then.refused('not-correctable', 'data.target');
  });
});

describe('a hand-over where one human has several ids', () => {
  const HUMANS = [['sd-01', 'sd-01b'], ['sd-02', 'sd-02b'], ['sd-03']] as const;
  const IDS = HUMANS.flat();
  const humanOf = (id: string): ReadonlySet<string> =>
    new Set(HUMANS.find((ids) => (ids as readonly string[]).includes(id)) ?? [id]);
  const asHuman = (command: Sent): Sent => ({
    ...command,
    by: { ...command.by!, individual: humanOf(command.by!.actor) },
  });

  it('is not made to oneself under another id [R29]', () => {
    const refused = governed()
      .whenSent(asHuman(handedOver('sd-01b')))
      .then.refused('directs-already', 'data.to');
    expect(refused.message).toContain('both are one person');
    governed().whenSent(asHuman(handedOver('sd-02')));
  });

  it('that was recorded before is not signed by that one human', () => {
    const before = governed().and(handedOver('sd-01b'));
    for (const signer of ['sd-01', 'sd-01b'])
      before.whenSent(asHuman(signs(signer, 'approved', 4))).then.refused('own-record', 'data.records');
  });

  it('has the signatures of two humans, whatever is recorded in which order [R29]', () => {
    const id = fc.constantFrom(...IDS);
    const step = fc.oneof(
      { weight: 2, arbitrary: id.map((to) => (now: Given) => handedOver(to, directing(now))) },
      {
        weight: 5,
        arbitrary: fc.tuple(id, fc.nat()).map(
          ([actor, place]) =>
            ({ study: { size } }: Given) =>
              signs(actor, 'approved', 1 + (place % (size - 1))),
        ),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let now = governed();
        for (const next of steps) {
          const outcome = now.whenSent(asHuman(next(now)));
          if (!(outcome.answer instanceof Refusal)) now = outcome.accepted();
        }
        for (const [index, { director }] of directorsOf(now.study).entries())
          if (index > 0) expect(humanOf(directorsOf(now.study)[index - 1]!.director)).not.toContain(director);
      }),
      runs(60),
    );
  });
});

describe('the replacement of a director in a governed study', () => {
  it('holds from the signature of management on [R29]', () => {
    expect(directing(replacing)).toBe('sd-01');
    expect(directing(replacing.and(signs('mgr-1', 'approved', 4)))).toBe('sd-03');
  });

  it('lets the old director act until then, and the new one from then on', () => {
    const signed = replacing.and(signs('mgr-1', 'approved', 4));
    expect(directing({ ...signed, study: studyAt(signed.study, 5) } as Given)).toBe('sd-01');
    expect(directorsOf(signed.study).at(-1)).toEqual({ director: 'sd-03', record: 5 });
  });
});

describe('changes of the director in any order', () => {
  const persons = ['sd-01', 'sd-02', 'sd-03'] as const;
  const person = fc.constantFrom(...persons);
  type Step = (study: Given) => Sent;
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 2, arbitrary: person.map((to) => (now: Given) => handedOver(to, directing(now))) },
    { weight: 1, arbitrary: person.map((to) => () => replaced(to)) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...persons, 'mgr-1'), fc.nat(), fc.boolean())
        .map(([actor, place, two]) => ({ study: { size } }: Given) => {
          const first = 1 + (place % (size - 1));
          return signs(actor, 'approved', two && first + 1 < size ? [first, first + 1] : first);
        }),
    },
    {
      weight: 1,
      arbitrary: fc.nat().map(
        (place) =>
          ({ study: { size } }: Given) =>
            by('sd-01', voided(place % size)),
      ),
    },
  );

  it('leave exactly one director at every record: each change takes effect with one signature, and none is undone later [R29]', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let now = governed();
        for (const next of steps) {
          const outcome = now.whenSent(next(now));
          if (outcome.answer instanceof Refusal) continue;
          const then = outcome.accepted();
          const [before, after] = [directorsOf(now.study), directorsOf(then.study)];
          expect(after.slice(0, before.length)).toEqual(before);
          expect(after.length - before.length).toBeLessThanOrEqual(1);
          if (after.length > before.length) expect(after.at(-1)!.record).toBe(then.study.size - 1);
          now = then;
        }
        const served = directorsOf(now.study);
        expect(served.map(({ record }) => record)).toEqual(
          [...new Set(served.map(({ record }) => record))].sort((a, b) => a - b),
        );
        for (let size = 4; size <= now.study.size; size++)
          expect(directorOf(studyAt(now.study, size))).toBe(
            served.findLast(({ record }) => record < size)!.director,
          );
      }),
      runs(60),
    );
  });
});
