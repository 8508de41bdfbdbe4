import { isLargerDose, isSameDose } from '../dose.js';
import type { Substance } from '../protocol/treatments.js';
import type { AnyDose } from '../quantity.js';
import type { Fact } from '../study.js';
import type { GivenDose } from './dose-titration.projection.js';

/** Why a dose is proposed, or none is. */
export type ProposalReason =
  /** It is the only one that the protocol plans, or the first of the titration. */
  | 'only-dose'
  | 'first-step'
  /** The one before was without effect and side effects. */
  | 'next-step'
  /** The designated dose, before stimulation. */
  | 'designated'
  | 'effect-not-known'
  | 'effective'
  | 'side-effects'
  | 'end-of-ladder'
  | 'not-planned';

/** A dose that was given, and what came of it. */
type Outcome = Pick<GivenDose, 'record' | 'substance' | 'purpose' | 'effective' | 'sideEffects'>;

export interface ProposedDose {
  readonly purpose: 'titration' | 'combination' | undefined;
  readonly dose: AnyDose | undefined;
  readonly why: ProposalReason;
  /** The dose or designation that it rests on. */
  readonly record: number | undefined;
}

/**
 * The dose that the titration proposes: its steps in turn, until one had an effect or side effects; once one is designated,
 * that one before stimulation. A person decides; nothing is given by a rule.
 * @param given of this animal, oldest first, as `dose-titration` tells them. @param isTitrated whether the substance is.
 */
export function proposeDose(
  { id, doses = [] }: Pick<Substance, 'id' | 'doses'>,
  isTitrated: boolean,
  history: readonly Fact[],
  given: readonly Outcome[],
): ProposedDose {
  if (!isTitrated) {
    const dose = doses.length === 1 ? doses[0] : undefined;
    return { purpose: undefined, dose, why: dose ? 'only-dose' : 'not-planned', record: undefined };
  }
  const designation = history.findLast(({ type }) => type === 'SubEffectiveDoseDesignated');
  if (designation) {
    const { dose } = (designation as Fact<'SubEffectiveDoseDesignated'>).data;
    return { purpose: 'combination', dose, why: 'designated', record: designation.holder };
  }
  const last = given.findLast(({ substance, purpose }) => substance === id && purpose === 'titration');
  if (!last) return { purpose: 'titration', dose: doses[0], why: 'first-step', record: undefined };
  const step = stepAfter(doses, history, last.record);
  const why = reasonAfter(last, step);
  return { purpose: 'titration', dose: why === 'next-step' ? step : undefined, why, record: last.record };
}

function reasonAfter({ effective, sideEffects }: Outcome, step: AnyDose | undefined): ProposalReason {
  if (sideEffects) return 'side-effects';
  if (effective === null) return 'effect-not-known';
  if (effective) return 'effective';
  return step ? 'next-step' : 'end-of-ladder';
}

/** The step after the one that was given; after a dose off the ladder, the first that is larger. */
function stepAfter(steps: readonly AnyDose[], history: readonly Fact[], record: number): AnyDose | undefined {
  const fact = history.find(({ holder }) => holder === record);
  const { dose, bodyWeight } = fact!.data as { dose: AnyDose; bodyWeight?: { value: string; unit: string } };
  const place = steps.findIndex((step) => isSameDose(step, dose, bodyWeight));
  return place >= 0 ? steps[place + 1] : steps.find((step) => isLargerDose(step, dose, bodyWeight));
}
