import { administrationsIn, isTreatment, type Purpose } from '../rules/administration.js';
import { factsOf, type Fact } from '../study.js';

/** The phase of the study in which an animal was measured. */
export type Phase = 'baseline' | 'post-lesion' | 'scs' | 'after-treatment' | Purpose;

export interface PhaseBase {
  readonly ligatedAt: number;
  readonly treatedAt: number;
  /** Record number of a stimulation or dose → what it was for. */
  readonly sessions: ReadonlyMap<number, Phase>;
}

export function baseOfPhases(history: readonly Fact[]): PhaseBase {
  const sessions = new Map<number, Phase>();
  const stimulations = factsOf(history, 'SCSApplied');
  for (const { number, data } of stimulations) {
    sessions.set(number, data.follows === undefined ? 'scs' : 'combination');
  }
  for (const { fact, purpose } of administrationsIn(history)) sessions.set(fact.number, purpose);
  return {
    ligatedAt: factsOf(history, 'NerveLigated')[0]?.at ?? Infinity,
    treatedAt: history.find(isTreatment)?.at ?? Infinity,
    sessions,
  };
}

export function phaseOf({ at, data }: Fact<'ThresholdRecorded'>, base: PhaseBase): Phase {
  const session = data.session === undefined ? undefined : base.sessions.get(data.session);
  if (session) return session;
  if (at < base.ligatedAt) return 'baseline';
  return at < base.treatedAt ? 'post-lesion' : 'after-treatment';
}
