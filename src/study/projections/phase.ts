import { factsOf, type Fact } from '../study.js';

/** The phase of the study in which an animal was measured. */
export type Phase = 'baseline' | 'post-lesion' | 'titration' | 'scs' | 'combination' | 'after-treatment';

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
  const doses = factsOf(history, 'KetamineAdministered');
  for (const { number, data } of doses) sessions.set(number, data.purpose);
  return {
    ligatedAt: factsOf(history, 'NerveLigated')[0]?.at ?? Infinity,
    treatedAt: Math.min(stimulations[0]?.at ?? Infinity, doses[0]?.at ?? Infinity),
    sessions,
  };
}

export function phaseOf({ at, data }: Fact<'ThresholdRecorded'>, base: PhaseBase): Phase {
  const session = data.session === undefined ? undefined : base.sessions.get(data.session);
  if (session) return session;
  if (at < base.ligatedAt) return 'baseline';
  return at < base.treatedAt ? 'post-lesion' : 'after-treatment';
}
