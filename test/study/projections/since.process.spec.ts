import fc from 'fast-check';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import type { Protocol } from '../../../src/study/protocol.js';
import { RESPONDER_PRESETS, type ResponderRule } from '../../../src/study/protocol/rules.js';
import { completeProtocol } from '../../../src/study/rules/complete-protocol.js';
import { View } from '../../../src/study/projections/projection.js';
import { judgeAnimal, responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { finish } from '../../../src/study/steps.js';
import { factNumbered, studyAt, type Study } from '../../../src/study/study.js';
import { referenceStudy } from '../../support/reference-study.js';
import {
  about,
  at,
  because,
  corrected,
  day,
  dosed,
  electrode,
  exampleData,
  excluded,
  ligated,
  measured,
  stimulated,
  voided,
  weighed,
  type Run,
} from '../bench.js';
import { anyStep, play } from '../histories.js';
import { sent, type Body, type Sent } from '../specification.js';
import { runs, specimens } from '../../support/effort.js';

const WHY = 'As it was';
const KINDS = ['hypersensitivity', 'scs', 'combination', 'ketamine'] as const;
type Kind = (typeof KINDS)[number];

/** Of an animal as an earlier prefix tells it, by the protocols that are known now; undefined where it was not there. */
function holdsIn(then: Study, now: Study, id: string, kind: Kind): boolean | null | undefined {
  const history = then.subjects.get(id)?.facts.toArray();
  const view = new View({ ...then, facts: now.facts });
  return history && finish(judgeAnimal(view, history)).verdicts[kind]?.holds;
}

/** Said from the prefixes themselves: the record after which the verdict was first what it has been ever since. */
function sinceByPrefixes(at: (size: number) => Study, now: Study, id: string, kind: Kind): number | null {
  const holds = holdsIn(now, now, id, kind);
  if (typeof holds !== 'boolean') return null;
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
  { weight: 1, arbitrary: amendment() },
  { weight: 8, arbitrary: treatment() },
  { weight: 1, arbitrary: anyStep },
);

/** Later records are judged by another rule. */
function amendment(): fc.Arbitrary<() => Sent> {
  const { A, B, C } = RESPONDER_PRESETS as Record<'A' | 'B' | 'C', ResponderRule>;
  return fc
    .record({
      rule: fc.constantFrom(A, B, C),
      aggregate: fc.constantFrom('max' as const, 'mean' as const, 'last' as const),
      judged: fc.constantFrom('first-completed' as const, 'last-completed' as const),
      minPoints: fc.constantFrom(1, 2),
      mean: fc.boolean(),
    })
    .map(({ rule, aggregate, judged, minPoints, mean }) => (): Sent => {
      const { hypersensitivity, baseline } = completeProtocol(exampleProtocol) as Protocol;
      const protocol = {
        ...exampleProtocol,
        responder: { ...rule, aggregate, judged, minPoints },
        hypersensitivity: { ...hypersensitivity, judged },
        baseline: { ...baseline, aggregate: mean ? 'mean' : 'last' },
      };
      return because(WHY, at(day(16), sent('AmendProtocol', { data: { protocol } })));
    });
}

/** A dose or a stimulation, or a run, a designation or a stimulation that names one of those before. */
function treatment(): fc.Arbitrary<(study: Study) => Sent> {
  const when = fc.constantFrom('09:00', '10:00', '11:00').map((clock) => day(18, clock));
  const naming = fc.constantFrom('run', 'run', 'run', 'run', 'designation', 'stimulation');
  const run = fc.constantFrom<Run>('high', 'middle', 'low');
  return fc.oneof(
    { weight: 1, arbitrary: when.map((at) => () => because(WHY, dosed(at))) },
    { weight: 1, arbitrary: when.map((at) => () => because(WHY, stimulated(at))) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(naming, fc.nat(1), run, fc.constantFrom(15, 30, 60))
        .map(([what, place, kind, minute]) => (study: Study): Sent => {
          const facts = study.subjects.get('R01')?.facts.toArray() ?? [];
          const types = what === 'run' ? ['SCSApplied', 'KetamineAdministered'] : ['KetamineAdministered'];
          const treatments = facts.filter(({ type }) => types.includes(type));
          const { number = 0, at: given = 0 } = treatments.at(-1 - place) ?? treatments.at(-1) ?? {};
          const occurredAt = new Date(given + minute * 60_000).toISOString();
          if (what === 'run') return because(WHY, measured(kind, occurredAt, { session: number, minute }));
          if (what === 'stimulation') return because(WHY, stimulated(occurredAt, { follows: number }));
          const data = { dose: exampleData('AdministerKetamine')['dose'], evidence: [number] };
          return because(WHY, at(occurredAt, about('R01', 'DesignateSubEffectiveDose', data)));
        }),
    },
  );
}

const hypersensitive = [
  measured('15+', day(1)),
  measured('high', day(2)),
  ligated(),
  measured('low', day(17)),
  measured('low', day(18, '08:30')),
  at(day(17, '14:00'), electrode()),
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

const histories = fc
  .array(step, { maxLength: 40, size: 'max' })
  .map((steps) => play([...hypersensitive, ...steps]).at(-1) as Study);

it('a verdict stands since the record that made it what it is, in histories of any kind', () => {
  fc.assert(
    fc.property(histories, (now) => {
      const prefix = (size: number): Study => studyAt(now, size);
      for (const { subject, ...status } of responderStatus.project(new View(now)).subjects) {
        const found = { ...status.verdicts, ketamine: status.ketamine };
        for (const kind of KINDS) {
          const since = sinceByPrefixes(prefix, now, subject, kind);
          expect([kind, found[kind]?.since ?? null]).toEqual([kind, since]);
        }
      }
    }),
    runs(150, 20),
  );
});

it('is tested on histories that have verdicts of most kinds', () => {
  const verdicts = new Set<Kind>();
  for (const now of specimens(histories, 150))
    for (const { verdicts: found, ketamine } of responderStatus.project(new View(now)).subjects)
      for (const kind of KINDS) if ({ ...found, ketamine }[kind]?.holds != null) verdicts.add(kind);
  expect(verdicts.size).toBeGreaterThan(2);
});

it('a verdict of the reference study stands since the record that made it what it is', () => {
  const study = referenceStudy();
  const known = new Map<number, Study>();
  const at = (size: number): Study => {
    if (!known.has(size)) known.set(size, studyAt(study, size));
    return known.get(size) as Study;
  };
  const numbers = new Set<number>();
  for (const { subject, verdicts, ketamine } of responderStatus.project(new View(study)).subjects) {
    for (const kind of KINDS) {
      const { since, holds } = { ...verdicts, ketamine }[kind] ?? { since: null };
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
