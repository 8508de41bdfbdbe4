import type { Animal } from './animal.js';
import { moment } from './calendar.js';
import { TECHNICIANS, minutesAfter, type Laboratory } from './laboratory.js';
import { planDose, planMotorThreshold, planRun, planSideEffects, planStimulation } from './measurement.js';

/** Minutes from the sub-effective dose to the stimulation that follows it. */
const STIMULATED_AFTER = 22;

/** The designated dose, then stimulation: `place` is the animal's in the day's order. */
export function planCombination(
  lab: Laboratory,
  animal: Animal,
  microgram: number,
  { day, place }: { readonly day: number; readonly place: number },
): void {
  const by = TECHNICIANS[place % 2 === 0 ? 0 : 1];
  const at = minutesAfter(moment(day, '09:15'), 145 * Math.floor(place / 2) + (place % 2) * 8);
  animal.weighedOn.add(day);
  planMotorThreshold(lab, animal, by, minutesAfter(at, -30));
  planRun(lab, { animal, by, at: minutesAfter(at, -12) });
  planDose(lab, { animal, by, at, microgram, purpose: 'combination' }, (follows) => {
    planSideEffects(lab, { animal, by, at }, follows, [5, 15, 60]);
    planRun(lab, { animal, by, at: minutesAfter(at, 15), session: follows, minute: 15 });
    const began = minutesAfter(at, STIMULATED_AFTER);
    planStimulation(lab, { animal, by, at: began, follows }, [15, 30, 60, 90]);
  });
}
