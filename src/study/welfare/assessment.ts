import type { Fact, Study } from '../study.js';
import { isWorse, type ActualSeverity, type Graded } from './grading.js';

/** Set when an assessment differs from what the graded observations propose. */
export const CHANGES_PROPOSAL = 'changes-proposal';
/** Set when the actual severity is above that of the licence. */
export const ABOVE_LICENCE = 'severity-above-licence';

/** A person's assessment of the actual severity of one use, and the observations that contradict it. */
export interface Assessment {
  readonly severity: ActualSeverity;
  readonly record: number;
  readonly assessedBy: string | null;
  readonly assessedOn: string;
  /** Why it differs from the proposal, or from the licence. */
  readonly reason: string | null;
  readonly explanation: string | null;
  readonly basis: string | null;
  /** Observations graded higher, recorded after the assessment or not explained by its reason. */
  readonly contradictedBy: readonly number[];
}

export function assessmentOf(
  fact: Fact<'SeverityAssessed'> | undefined,
  graded: readonly Graded[],
  study: Study,
): Assessment | null {
  if (!fact) return null;
  const { severity, basis, explanation, flags = [] } = fact.data;
  const record = study.records.at(fact.holder)?.record;
  const reasoned = flags.includes(CHANGES_PROPOSAL) && record?.reason !== undefined;
  const above = graded.filter((observation) => isWorse(observation.severity, severity));
  const contradicting = above.filter((observation) => !reasoned || observation.record > fact.holder);
  return {
    severity,
    record: fact.holder,
    assessedBy: record?.actor ?? null,
    assessedOn: fact.time,
    reason: record?.reason ?? null,
    explanation: explanation ?? null,
    basis: basis ?? null,
    contradictedBy: [...new Set(contradicting.map((observation) => observation.record))].sort(
      (a, b) => a - b,
    ),
  };
}
