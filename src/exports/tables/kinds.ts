import type { FactType } from '../../study/events/events.js';
import type { Fact } from '../../study/study.js';

/** Facts about the study as a whole have no rows: the table is about animals. */
type OfTheStudy =
  'StudyOpened' | 'ProtocolApproved' | 'ProtocolAmended' | 'StudyClosed' | 'DeviationAcknowledged';

/** What the rows of a fact are called. */
export const KINDS = {
  SubjectEnrolled: 'animal',
  NerveLigated: 'surgery',
  ElectrodeImplanted: 'surgery',
  CatheterImplanted: 'surgery',
  BodyWeightRecorded: 'weight',
  ThresholdRecorded: 'run',
  MotorThresholdDetermined: 'motor-threshold',
  KetamineAdministered: 'dose',
  SCSApplied: 'stimulation',
  SideEffectsScored: 'score',
  WelfareScored: 'score',
  SubEffectiveDoseDesignated: 'designation',
  AdverseEventReported: 'adverse-event',
  InterventionRecorded: 'intervention',
  EndpointDecided: 'endpoint-decision',
  SubjectExcluded: 'exclusion',
  SubjectEuthanised: 'end',
  FateRecorded: 'end',
  SeverityAssessed: 'severity',
} as const satisfies { readonly [T in Exclude<FactType, OfTheStudy>]: string };

export type KindOfRow = keyof typeof KINDS;

export function hasRows(fact: Fact): fact is Fact<KindOfRow> {
  return Object.hasOwn(KINDS, fact.type);
}

/**
 * Record number → `dose-1`, `weight-3`: what a record is called within its animal, whose names stay the same when the
 * records are entered again elsewhere.
 */
export function labelsOf(history: readonly Fact[]): Map<number, string> {
  const counts = new Map<string, number>();
  const labels = new Map<number, string>();
  for (const fact of history) {
    if (!hasRows(fact)) continue;
    const kind = KINDS[fact.type];
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    labels.set(fact.number, `${kind}-${count}`);
  }
  return labels;
}
