import { groupedBy } from '../grouped-by.js';
import { baseOfPhases, phaseOf, type Phase } from './phase.js';
import { measure } from '../rules/measured-run.js';
import type { Threshold, Touch } from '../rules/threshold.js';
import { isOf, type StudyRecord } from '../record.js';
import type { Steps } from '../steps.js';
import { factsOf, findStatedFact, type Fact } from '../study.js';
import { defineProjection, type View } from './projection.js';
import { Support } from './unsupported.js';

export interface SeriesRun extends Threshold {
  readonly record: number;
  readonly occurredAt: string;
  readonly paw: 'ipsilateral' | 'contralateral';
  readonly ladder: string;
  readonly touches: readonly Touch[];
  readonly session: number | null;
  readonly minute: number | null;
  readonly phase: Phase;
  readonly flags: readonly string[];
  /** The later record that replaced or withdrew this run; such a run is shown, and no verdict uses it. */
  readonly supersededBy: number | null;
}

interface Series {
  readonly subject: string;
  readonly runs: SeriesRun[];
}

/** Every run of every animal with its raw touches and what is computed from them. */
export const thresholdSeries = defineProjection(
  'threshold-series',
  'Per animal and paw: every run with its raw touches, 50 % threshold or bound, method, phase',
  function* (view): Steps<{ subjects: Series[] }> {
    const subjects: Series[] = [];
    const superseded = yield* supersededRuns(view);
    for (const { id, history } of view.animals()) {
      const all = [...factsOf(history, 'ThresholdRecorded'), ...(superseded.get(id) ?? [])];
      superseded.delete(id);
      subjects.push({ subject: id, runs: yield* runsOf(view, all, history) });
    }
    for (const [id, runs] of superseded) subjects.push({ subject: id, runs: yield* runsOf(view, runs, []) });
    return { subjects };
  },
);

function* runsOf(
  view: View,
  facts: readonly Fact<'ThresholdRecorded'>[],
  history: readonly Fact[],
): Steps<SeriesRun[]> {
  const base = baseOfPhases(history, view.protocols);
  const support = new Support(history, view.protocols);
  const runs: SeriesRun[] = [];
  for (const fact of facts.toSorted((a, b) => a.at - b.at || a.number - b.number || a.holder - b.holder)) {
    const { data } = fact;
    runs.push({
      record: fact.holder,
      occurredAt: fact.time,
      paw: data.paw,
      ladder: data.ladder,
      ...measure(fact, view.protocols).threshold,
      touches: data.touches,
      session: data.session ?? null,
      minute: data.minute ?? null,
      phase: phaseOf(fact, base),
      flags: support.flagsOf(fact),
      supersededBy: view.study.supersededBy.get(fact.holder) ?? null,
    });
    yield;
  }
  return runs;
}

/** Runs that no longer hold, as they were stated, by animal. */
function* supersededRuns(view: View): Steps<Map<string, Fact<'ThresholdRecorded'>[]>> {
  const found: Fact<'ThresholdRecorded'>[] = [];
  for (const number of view.study.supersededBy.keys()) {
    yield;
    const record = view.study.records.at(number)?.record;
    if (!record || !(isOf('ThresholdRecorded', record) || correctsRun(record))) continue;
    const fact = findStatedFact(view.study, number);
    if (fact?.type !== 'ThresholdRecorded' || fact.at > view.untilMs || !view.has(fact.subject)) continue;
    found.push(fact as Fact<'ThresholdRecorded'>);
  }
  return groupedBy(found, ({ subject = '' }) => subject);
}

function correctsRun(record: StudyRecord): boolean {
  return isOf('RecordCorrected', record) && record.data.corrects === 'ThresholdRecorded';
}
