import { baseOfPhases, phaseOf, type Phase } from './phase.js';
import { measure } from '../rules/measured-run.js';
import type { Threshold, Touch } from '../rules/threshold.js';
import type { Steps } from '../steps.js';
import { factsOf, type Fact } from '../study.js';
import { defineProjection, type View } from './projection.js';
import { inOrder, supersededFacts } from './superseded.js';
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
    const superseded = yield* supersededFacts(view, 'ThresholdRecorded');
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
  for (const fact of inOrder(facts)) {
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
