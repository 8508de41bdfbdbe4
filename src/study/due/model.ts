import { localDay } from '../instant.js';
import type { Protocol } from '../protocol.js';
import { decidingReading } from '../rules/hypersensitivity.js';
import { inductionType, type Induction } from '../rules/induction.js';
import type { Fact } from '../study.js';
import type { Charted } from './charted.js';
import { readingKinds, type ReadingKind } from './reading-kind.js';
import { beginOfDay, taskOf, type Task } from './task.js';

/** Until it is known whether the animal is hypersensitive: baseline, the induction of the model, the test. */
export function modelTasks(animal: Charted): Task[] {
  const induction = animal.chart.inductions.first;
  if (induction) return testTasks(animal, induction);
  const baseline = baselineTasks(animal);
  return baseline.length > 0 ? baseline : inductionTasks(animal);
}

function baselineTasks(animal: Charted): Task[] {
  const { id, enrolled, protocol } = animal;
  const { baseline, hypersensitivity, responder } = protocol;
  if (!baseline) return [];
  const rules = [hypersensitivity, responder].filter((rule) => rule !== undefined);
  const judged = (rules.length > 0 ? rules : [{}]).flatMap((rule) => readingKinds(rule, protocol, undefined));
  const kinds = new Map(judged.map((kind) => [kind.name, kind]));
  return [...kinds.values()].flatMap((kind) => {
    const before = readingsBefore(animal, kind);
    if (before.length >= baseline.minRuns) return [];
    return [
      taskOf(
        id,
        before.at(-1) ?? enrolled,
        {
          kind: 'baseline',
          what: `Baseline ${before.length + 1} of ${baseline.minRuns}${kind.command === 'RecordThreshold' ? '' : `: ${kind.name}`}`,
          command: kind.command,
          data: kind.data,
          why: `Baseline: at least ${baseline.minRuns} before day 0.`,
        },
        { from: (before.at(-1) ?? enrolled).at },
      ),
    ];
  });
}

/** Those that can count for the baseline: in no session, and with a value. */
function readingsBefore({ chart, course }: Charted, { command, data }: ReadingKind): readonly Fact[] {
  if (command === 'RecordThreshold') return [...chart.thresholds.free].map(({ fact }) => fact);
  return course
    .of('MeasurementRecorded')
    .filter(
      ({ data: { assay, site, session } }) =>
        session === undefined && 'assay' in data && assay === data.assay && site === data.site,
    );
}

const INDUCTIONS: Readonly<
  Record<Exclude<Induction, 'SubjectEnrolled'>, readonly [command: string, what: string]>
> = {
  NerveLigated: ['LigateNerve', 'Operation on the nerve'],
  ModelInduced: ['InduceModel', 'Induction of the model'],
};

function inductionTasks({ id, enrolled, course, protocol }: Charted): Task[] {
  const type = inductionType(protocol);
  if (type === 'SubjectEnrolled') return [];
  const [command, what] = INDUCTIONS[type];
  const last = [...course.of('ThresholdRecorded'), ...course.of('MeasurementRecorded')].reduce<Fact>(
    (latest, fact) => (fact.at > latest.at ? fact : latest),
    enrolled,
  );
  const why = `Model: ${modelInWords(protocol)}${protocol.baseline ? ', after the baseline' : ''}.`;
  return [
    taskOf(
      id,
      last,
      { kind: 'induction', what, command, data: planned(protocol, type), why },
      { from: last.at },
    ),
  ];
}

function modelInWords({ model }: Protocol): string {
  if (!model) return 'an operation on a nerve';
  return (
    model.name ?? [model.kind, model.agent ?? model.procedure].filter(Boolean).join(', ').replaceAll('-', ' ')
  );
}

function planned({ model }: Protocol, type: Induction): Record<string, unknown> {
  const { kind, agent, procedure } = model ?? {};
  if (type === 'NerveLigated') return procedure === undefined ? {} : { procedure };
  return { kind, ...(agent !== undefined && { agent }) };
}

/** A reading can decide until the first treatment. */
function testTasks({ id, chart, protocol }: Charted, induction: Fact): Task[] {
  const rules = chart.protocols.of(induction);
  const { hypersensitivity: rule } = rules;
  if (!rule || chart.firstTreatmentAt < Infinity || decidingReading(chart)) return [];
  const from = Math.max(induction.at, beginOfDay(induction, localDay(induction.time) + rule.fromDay));
  return readingKinds(rule, protocol, chart.injuredSide).map(({ command, data, name }) =>
    taskOf(
      id,
      induction,
      {
        kind: 'test',
        what: `Test of day ${rule.fromDay}: ${name}`,
        command,
        data,
        why: `Hypersensitive: judged at the ${rule.judged === 'first-completed' ? 'first' : 'last'} reading from day ${rule.fromDay} on.`,
      },
      { from, due: from, wholeDay: true },
    ),
  );
}
