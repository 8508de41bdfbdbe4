import type { Animal } from './animal.js';
import { planAssessments } from './assessment.js';
import { moment } from './calendar.js';
import { BATCHES, SURPLUS, UNFIT, drawCohort } from './cohort.js';
import { planCombination } from './combination.js';
import { planAmendment, planOpening } from './direction.js';
import { planEnrolment, planEuthanasia, planRounds } from './husbandry.js';
import { planEndOfStudy } from './end-of-study.js';
import { planInspections } from './quality.js';
import { planReviews } from './review.js';
import { planSignatures } from './signatures.js';
import { planOpenWound, planUnfit } from './incidents.js';
import { Laboratory, minutesAfter } from './laboratory.js';
import { planExclusion, planLesion, type Batch } from './lesion.js';
import type { Script } from './script.js';
import { planElectrodes, planRepair, planStimulationAlone } from './stimulation.js';
import { planCatheters, planTitration } from './titration.js';

/** The course of the whole study: which phase follows for which animals, by what their records say. */

const STUDY = 'KET-01';
const LAST_DAY = 53;
const RESPONDERS_END = 46;
/** The Monday after the last animal. */
const ASSESSMENT_DAY = 56;

/** Days of catheters, doses and combinations, and the end of those not hypersensitive, by week of the ligation. */
const WEEKS = [
  { catheters: 25, doses: [32, 35, 36, 37, 38], combination: 50, firstSlot: 0, othersEnd: 32 },
  { catheters: 32, doses: [38, 43, 44, 45, 46], combination: 51, firstSlot: 4, othersEnd: 38 },
] as const;

/** A study of the one plan from any seed; its verdicts, and so its course, differ with the seed. */
export function simulate(seed: number): Script {
  const lab = new Laboratory(STUDY, seed);
  const cohort = drawCohort(lab.random);
  const numbered = (number: number): Animal => cohort[number - 1] as Animal;
  planSignatures(lab);
  planOpening(lab);
  planEnrolment(lab, cohort);
  planRounds(lab, cohort, LAST_DAY);
  planUnfit(lab, numbered(UNFIT));
  planAmendment(lab);
  WEEKS.forEach((days, week) => {
    const nonResponders: Animal[] = [];
    BATCHES.filter((batch) => batch.week === week).forEach(({ day, animals }, i) => {
      const batch = { day, animals: animals.map(numbered), othersEnd: days.othersEnd };
      planBatch(lab, batch, week === 0 && i === 1, (found) => nonResponders.push(...found));
    });
    lab.plan(moment(days.catheters, '09:10'), () => planNonResponders(lab, nonResponders, week));
  });
  planEnd(lab, [numbered(SURPLUS)], LAST_DAY);
  planAssessments(lab, cohort, ASSESSMENT_DAY);
  planReviews(lab);
  planInspections(lab);
  planEndOfStudy(lab, numbered(SURPLUS), LAST_DAY, ASSESSMENT_DAY);
  return lab.work();
}

/** Until it is known who responds to stimulation alone. One batch has a lead repaired and an animal excluded. */
function planBatch(
  lab: Laboratory,
  batch: Batch & { readonly othersEnd: number },
  eventful: boolean,
  then: (nonResponders: Animal[]) => void,
): void {
  const { day, othersEnd } = batch;
  planLesion(lab, batch, (hypersensitive, others) => {
    const [first] = hypersensitive;
    const [other] = others;
    planElectrodes(lab, hypersensitive, day + 14);
    if (eventful && first) planRepair(lab, first, moment(day + 15, '10:20'));
    if (eventful && other) planExclusion(lab, other, moment(day + 15, '11:05'));
    planEnd(lab, others, othersEnd);
    planStimulationAlone(lab, hypersensitive, day + 16, (responders, nonResponders) => {
      planEnd(lab, responders, RESPONDERS_END);
      then(nonResponders);
    });
  });
}

function planNonResponders(lab: Laboratory, animals: readonly Animal[], week: number): void {
  const days = WEEKS[week === 0 ? 0 : 1];
  const [first] = animals;
  planCatheters(lab, animals, days.catheters);
  if (first && week === 0) planOpenWound(lab, first, days.catheters + 3);
  const hurry =
    week === 0 ? undefined : once(2, 'Fire drill announced for the afternoon: dosed two hours early');
  let place = 0;
  animals.forEach((animal, i) => {
    planTitration(lab, {
      animal,
      days: days.doses,
      slot: days.firstSlot + i,
      ...(hurry && { hurried: hurry }),
      designated: (microgram) =>
        planCombination(lab, animal, microgram, { day: days.combination, place: place++ }),
    });
  });
  planEnd(lab, animals, LAST_DAY);
}

/** A reason for the first animal that comes to a step, and for no other. */
function once(step: number, reason: string): (asked: number) => string | undefined {
  let given = false;
  return (asked) => {
    if (given || asked !== step) return undefined;
    given = true;
    return reason;
  };
}

/** One animal after the other in the afternoon of a day. */
function planEnd(lab: Laboratory, animals: readonly Animal[], day: number): void {
  for (const animal of animals) {
    planEuthanasia(lab, animal, minutesAfter(moment(day, '14:20'), 6 * Number(animal.id.slice(1))));
  }
}
