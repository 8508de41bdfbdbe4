import fc from 'fast-check';
import { View } from '../../../src/study/projections/projection.js';
import { responderStatus, statusOf } from '../../../src/study/projections/responder-status.projection.js';
import { factNumbered, studyAt, type Study } from '../../../src/study/study.js';
import { referenceStudy } from '../../support/reference-study.js';
import {
  because,
  corrected,
  day,
  excluded,
  ligated,
  measured,
  stimulated,
  voided,
  weighed,
  type Run,
} from '../bench.js';
import { anyStep, play } from '../histories.js';
import type { Body, Sent } from '../specification.js';
import { FULL, runs } from '../../support/effort.js';

const WHY = 'As it was';
const KINDS = ['hypersensitivity', 'scs', 'combination'] as const;
type Kind = (typeof KINDS)[number];

/** Of an animal as an earlier prefix tells it, by the protocols that are known now; undefined where it was not there. */
function holdsIn(then: Study, now: Study, id: string, kind: Kind): boolean | null | undefined {
  const history = then.subjects.get(id)?.facts.toArray();
  return history && statusOf(new View({ ...then, facts: now.facts }), id, history).verdicts[kind].holds;
}

/** Said from the prefixes themselves: the record after which the verdict was first what it has been ever since. */
function sinceByPrefixes(at: (size: number) => Study, now: Study, id: string, kind: Kind): number | null {
  const holds = holdsIn(now, now, id, kind);
  if (holds === null) return null;
  let size = now.size;
  while (size > 1 && holdsIn(at(size - 1), now, id, kind) === holds) size--;
  return size - 1;
}

/** What makes verdicts of R01 and unmakes them, in any order, among what the rules do not look at. */
const step: fc.Arbitrary<(study: Study) => Sent> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...course()).map((command) => () => command) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 25 }).map((on) => () => because(WHY, weighed(day(on, '08:00')))),
  },
  { weight: 1, arbitrary: fc.nat(1000).map((place) => (study: Study) => voided(3 + (place % study.size))) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(1000), fc.constantFrom('15+', 'high', 'middle', 'low')).map(
      ([place, run]) =>
        (study: Study) =>
          again(study, 3 + (place % study.size), run as Run),
    ),
  },
  { weight: 1, arbitrary: anyStep },
);

const hypersensitive = [
  measured('15+', day(1)),
  measured('high', day(2)),
  ligated(),
  measured('low', day(17)),
].map((one) => () => because(WHY, one));

function course(): Sent[] {
  const runs = (['15+', 'high', 'middle', 'low'] as const).flatMap((run) => [
    measured(run, day(1)),
    measured(run, day(17)),
    measured(run, day(18, '09:45')),
    ...[15, 30].map((minute) => measured(run, day(18, `10:${minute}`), { session: 3, minute })),
  ]);
  return [...runs, ligated(), stimulated(day(18, '10:00')), excluded(day(28))].map((one) =>
    because(WHY, one),
  );
}

function again(study: Study, target: number, run: Run): Sent {
  const { data } = measured(run, day(1)).body as { data: Body };
  const { holder = target, subject, time } = factNumbered(study, target) ?? {};
  const corrections = { replaces: { number: holder }, subject, occurredAt: time, corrected: data };
  return corrected(target, corrections);
}

it('a verdict stands since the record that made it what it is, in histories of any kind', () => {
  let verdicts = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const now = play([...hypersensitive, ...steps]).at(-1) as Study;
      const at = (size: number): Study => studyAt(now, size);
      for (const { subject, verdicts: found } of responderStatus.project(new View(now)).subjects) {
        for (const kind of KINDS) {
          expect(found[kind].since).toBe(sinceByPrefixes(at, now, subject, kind));
          if (found[kind].since !== null) verdicts++;
        }
      }
    }),
    runs(100, 20),
  );
  expect(verdicts).toBeGreaterThan(FULL ? 20 : 2);
});

it('a verdict of the reference study stands since the record that made it what it is', () => {
  const study = referenceStudy();
  const known = new Map<number, Study>();
  const at = (size: number): Study => {
    if (!known.has(size)) known.set(size, studyAt(study, size));
    return known.get(size) as Study;
  };
  const numbers = new Set<number>();
  for (const { subject, verdicts } of responderStatus.project(new View(study)).subjects) {
    for (const kind of KINDS) {
      const { since, holds } = verdicts[kind];
      if (since === null) continue;
      numbers.add(since);
      expect(holdsIn(at(since), study, subject, kind)).not.toBe(holds);
      // Before each later record of the animal and after it: nothing else can change what is said of it.
      const later = study.records
        .toArray()
        .filter(({ number, record }) => number >= since && record.subject === subject);
      for (const { number } of later.slice(0, 12))
        expect(holdsIn(at(number + 1), study, subject, kind)).toBe(holds);
    }
  }
  expect(numbers.size).toBeGreaterThan(15);
});
