import { localDay } from '../../study/instant.js';
import type { View } from '../../study/projections/projection.js';
import { administrationsIn } from '../../study/rules/administration.js';
import { factsOf, type Fact } from '../../study/study.js';
import { labelsOf } from '../tables/kinds.js';

/** An animal as every data set names it, with its reference dates. */
export interface SendAnimal {
  readonly id: string;
  readonly usubjid: string;
  readonly history: readonly Fact[];
  /**
   * First dose: RFSTDTC and RFXSTDTC; of an animal that had vehicles and controls alone, the first of these. Study days count
   * from it; an animal that was never dosed has none.
   */
  readonly reference: Fact | undefined;
  readonly lastDose: Fact | undefined;
  /** How it left the study, by the first record about it. */
  readonly departure: Departure | undefined;
  /** `dose-1`, `stimulation-2` by record number. */
  readonly sessions: ReadonlyMap<number, string>;
}

export type Departure = Fact<'SubjectEuthanised'> | Fact<'FateRecorded'>;

export function sendAnimals(view: View): SendAnimal[] {
  return view.animals().map(({ id, history }) => {
    const given = administrationsIn(history);
    const treatments = given.filter(({ isTreatment }) => isTreatment);
    const doses = (treatments.length > 0 ? treatments : given).map(({ fact }) => fact);
    return {
      id,
      usubjid: `${view.study.code}-${id}`,
      history,
      reference: doses[0],
      lastDose: doses.at(-1),
      departure: departureOf(history),
      sessions: labelsOf(history),
    };
  });
}

function departureOf(history: readonly Fact[]): Departure | undefined {
  return [...factsOf(history, 'SubjectEuthanised'), ...factsOf(history, 'FateRecorded')].sort(
    (a, b) => a.at - b.at || a.number - b.number,
  )[0];
}

/** Study day as SEND counts: the day of the reference is 1, the day before it −1, and there is no 0. */
export function studyDay({ reference }: SendAnimal, time: string): number | null {
  if (!reference) return null;
  const days = localDay(time) - localDay(reference.time);
  return days >= 0 ? days + 1 : days;
}

/** The first record of a fact and the one that holds. */
export function recordsOf(...facts: readonly (Fact | undefined)[]): number[] {
  return facts.flatMap((fact) => (fact ? [fact.number, fact.holder] : []));
}
