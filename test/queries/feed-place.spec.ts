import fc from 'fast-check';
import type { Cut } from '../../src/queries/feed-cuts.js';
import { NOTHING_ANCHORED } from '../../src/queries/feed-cuts.js';
import { Place } from '../../src/queries/feed-place.js';
import { runs } from '../support/effort.js';

const STUDIES = 6;

/** Cuts of a lab that grows: in each, some more studies, and some more of each. */
const cuts: fc.Arbitrary<Cut[]> = fc
  .array(fc.array(fc.nat(3), { minLength: STUDIES, maxLength: STUDIES }), { minLength: 1, maxLength: 5 })
  .map((growths) => {
    const sizes = Array.from({ length: STUDIES }, () => 0);
    return growths.map((growth, round): Cut => {
      const studies = Math.min(STUDIES, 2 * round + 1);
      growth.forEach((more, index) => (sizes[index]! += index < studies ? more : 0));
      const known = [...sizes];
      return { labSize: 10 * (round + 1), studies, sizeOf: (index) => known[index] ?? 0 };
    });
  });

type Step = { readonly read: number; readonly position: number } | 'pass' | 'begin' | 'resume';

const steps = fc.array(
  fc.oneof(
    fc.record({ read: fc.nat(STUDIES - 1), position: fc.nat(20) }),
    fc.constantFrom<Step>('pass', 'pass', 'begin', 'resume'),
  ) as fc.Arbitrary<Step>,
  { maxLength: 40 },
);

function resumed(place: Place, known: readonly Cut[]): Place {
  const { from, to, passed, others } = place.spell();
  const cutAt = (size: number): Cut => known.find(({ labSize }) => labSize === size) ?? NOTHING_ANCHORED;
  return new Place(cutAt(from), cutAt(to), passed, others);
}

it('says of every study how far one has come, whatever rounds were begun, passed and resumed meanwhile', () => {
  fc.assert(
    fc.property(cuts, steps, (known, all) => {
      let place = new Place(NOTHING_ANCHORED, NOTHING_ANCHORED, 0, new Map());
      const expected = Array.from({ length: STUDIES }, () => 0);
      let begun = 0;
      for (const step of all) {
        if (step === 'pass') {
          if (place.next !== undefined) place.pass();
        } else if (step === 'begin') {
          const cut = known[begun++];
          if (cut) place.begin(cut);
        } else if (step === 'resume') place = resumed(place, known);
        else place.move(step.read, (expected[step.read] = step.position));
        expect(expected.map((_, index) => place.positionIn(index))).toEqual(expected);
      }
    }),
    runs(500),
  );
});

it('needs no more words for many studies than for few, where all was read up to an anchor', () => {
  const cut: Cut = { labSize: 2000, studies: 1000, sizeOf: (index) => 100 + index };
  const place = new Place(NOTHING_ANCHORED, NOTHING_ANCHORED, 0, new Map());
  place.begin(cut);
  for (let index = place.next; index !== undefined; index = place.next) {
    for (let position = 1; position <= place.targetOf(index); position += 50) {
      place.move(index, position);
      expect(place.spell().others.size).toBeLessThanOrEqual(1);
    }
    place.move(index, place.targetOf(index));
    place.pass();
    expect(place.spell().others.size).toBe(0);
  }
  expect(place.spell()).toEqual({ from: 2000, to: 2000, passed: 0, others: new Map() });
});
