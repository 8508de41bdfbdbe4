import { administrationsIn, isTreatment, type Purpose } from '../rules/administration.js';
import { inductionOf } from '../rules/induction.js';
import { factsOf, type Fact, type Protocols } from '../study.js';

/** The phase of the study in which an animal was measured. */
export type Phase =
  | 'baseline'
  | 'post-lesion'
  /** Of a naive animal, which has no lesion. */
  | 'before-treatment'
  | 'scs'
  | 'after-treatment'
  | Purpose;

export interface PhaseBase {
  /** When day 0 began; Infinity before there is one. */
  readonly inducedAt: number;
  readonly isNaive: boolean;
  readonly treatedAt: number;
  /** Record number of a stimulation or dose → what it was for. */
  readonly sessions: ReadonlyMap<number, Phase>;
}

export function baseOfPhases(history: readonly Fact[], protocols: Protocols): PhaseBase {
  const sessions = new Map<number, Phase>();
  const stimulations = factsOf(history, 'SCSApplied');
  for (const { number, data } of stimulations) {
    sessions.set(number, data.follows === undefined ? 'scs' : 'combination');
  }
  for (const { fact, purpose } of administrationsIn(history)) sessions.set(fact.number, purpose);
  const induction = inductionOf(history, protocols);
  return {
    inducedAt: induction?.at ?? Infinity,
    isNaive: induction?.type === 'SubjectEnrolled',
    treatedAt: history.find(isTreatment)?.at ?? Infinity,
    sessions,
  };
}

export function phaseOf(
  { at, data }: Fact<'ThresholdRecorded'> | Fact<'MeasurementRecorded'>,
  base: PhaseBase,
): Phase {
  const session = data.session === undefined ? undefined : base.sessions.get(data.session);
  if (session) return session;
  if (at < base.inducedAt) return 'baseline';
  if (at >= base.treatedAt) return 'after-treatment';
  return base.isNaive ? 'before-treatment' : 'post-lesion';
}
