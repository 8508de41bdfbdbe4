import { proposeDose } from '../projections/next-dose.js';
import type { AnyDose } from '../quantity.js';
import { isTitrated, type DoseFact } from '../rules/administration.js';
import { titratedIn } from '../rules/planned.js';
import { judgeDose } from '../rules/titration.js';
import type { Charted } from './charted.js';

/** What comes next in the titration of an animal. */
export type NextStep =
  | { readonly kind: 'dose'; readonly dose: AnyDose; readonly after: DoseFact | undefined }
  /** It is not known whether the last dose had an effect. */
  | { readonly kind: 'undecided'; readonly after: DoseFact }
  /** The last dose without effect and without side effects; the one after it is evidence as well. */
  | { readonly kind: 'designation'; readonly dose: DoseFact; readonly after: DoseFact }
  /** Every dose that was given had an effect or side effects. */
  | { readonly kind: 'none'; readonly after: DoseFact };

/** As the bench proposes it; where it proposes no further dose, the one that the steps speak for. */
export function nextStepOf({ chart, course, protocol }: Charted): NextStep | undefined {
  const titrated = titratedIn(protocol);
  if (!titrated) return undefined;
  const steps = [...chart.doses].filter(
    (dose) => dose.data.purpose === 'titration' && isTitrated(dose, chart.protocols.of(dose)),
  );
  const after = steps.at(-1);
  const given = after ? [{ ...outcomeOf(after), substance: titrated.id }] : [];
  const { dose, why } = proposeDose(titrated, true, course.facts, given);
  if (dose) return { kind: 'dose', dose, after };
  if (!after) return undefined;
  if (why === 'effect-not-known') return { kind: 'undecided', after };
  const tolerated = steps.findLast((step) => {
    const { effective, sideEffects } = outcomeOf(step);
    return effective === false && (sideEffects === false || !protocol.sideEffects);
  });
  return tolerated ? { kind: 'designation', dose: tolerated, after } : { kind: 'none', after };

  function outcomeOf(fact: DoseFact) {
    const { effective, sideEffects } = judgeDose(fact, chart);
    return { record: fact.holder, purpose: fact.data.purpose, effective: effective.holds, sideEffects };
  }
}
