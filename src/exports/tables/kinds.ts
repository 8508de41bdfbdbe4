import { CATALOGUE } from '../../study/catalogue.js';
import { SubjectCommand } from '../../study/commands/common/command.js';
import type { FactType } from '../../study/events/events.js';
import { plainKind } from '../../study/events/plain-row.js';
import type { Fact } from '../../study/study.js';

/** Kinds of rows whose name does not follow from the type of the fact. */
export const KINDS = {
  SubjectEnrolled: 'animal',
  NerveLigated: 'surgery',
  ModelInduced: 'induction',
  ElectrodeImplanted: 'surgery',
  CatheterImplanted: 'surgery',
  BodyWeightRecorded: 'weight',
  ThresholdRecorded: 'run',
  MeasurementRecorded: 'measurement',
  MotorThresholdDetermined: 'motor-threshold',
  KetamineAdministered: 'dose',
  SubstanceAdministered: 'substance',
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
} as const satisfies { readonly [T in FactType]?: string };

export type KindOfRow = keyof typeof KINDS;

/** Whether `ROWS` says what the rows of a fact hold; else there is one row, of its members. */
export function hasOwnRows(fact: Fact): fact is Fact<KindOfRow> {
  return Object.hasOwn(KINDS, fact.type);
}

export function kindOf(type: FactType): string {
  return Object.hasOwn(KINDS, type) ? KINDS[type as KindOfRow] : plainKind(type);
}

/** Facts about animals whose rows follow from their schema. */
export const PLAIN_FACTS: readonly FactType[] = CATALOGUE.filter(
  ({ command, records }) => command.prototype instanceof SubjectCommand && !Object.hasOwn(KINDS, records),
).map(({ records }) => records as FactType);

/**
 * Record number → `dose-1`, `weight-3`: what a record is called within its animal, whose names stay the same when the
 * records are entered again elsewhere.
 */
export function labelsOf(history: readonly Fact[]): Map<number, string> {
  const counts = new Map<string, number>();
  const labels = new Map<number, string>();
  for (const fact of history) {
    const kind = kindOf(fact.type);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    labels.set(fact.number, `${kind}-${count}`);
  }
  return labels;
}
