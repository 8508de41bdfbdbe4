import type { Fact, Study } from '../study.js';
import { isWorse, type ActualSeverity, type Graded } from './grading.js';

/** Set when an assessment was recorded that is not what the graded observations proposed. */
export const CHANGES_PROPOSAL = 'changes-proposal';
/** Set when an animal suffered more than its licence foresaw. */
export const ABOVE_LICENCE = 'severity-above-licence';

/** A named person's actual severity for one use, and whether it still stands up to what is observed. */
export interface Assessment {
  readonly severity: ActualSeverity;
  readonly record: number;
  readonly assessedBy: string | null;
  readonly assessedOn: string;
  /** Why it differs from the proposal, or from the licence. */
  readonly reason: string | null;
  readonly explanation: string | null;
  readonly basis: string | null;
  /** Graded observations above it that were no part of a reasoned decision: recorded later, or never explained. */
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
