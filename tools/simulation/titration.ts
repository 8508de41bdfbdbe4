import { micrograms } from '../../src/study/quantity.js';
import { Chart } from '../../src/study/rules/chart.js';
import { judgeDose } from '../../src/study/rules/titration.js';
import { factsOf, type Fact } from '../../src/study/study.js';
import type { Animal } from './animal.js';
import { moment, written } from './calendar.js';
import { planAcknowledgement } from './direction.js';
import { ANAESTHESIA, DIRECTOR, SURGEON, TECHNICIANS, minutesAfter, type Laboratory } from './laboratory.js';
import { planDose, planRun, planSideEffects } from './measurement.js';

/** The catheter, and the search for each animal's own sub-effective dose, stimulation off. */

export function planCatheters(lab: Laboratory, animals: readonly Animal[], day: number): void {
  animals.forEach((animal, i) => {
    const at = minutesAfter(moment(day, '09:30'), 50 * i);
    const end = minutesAfter(at, 28);
    animal.weighedOn.add(day);
    lab.plan(lab.soonAfter(minutesAfter(end, 12)), () => {
      animal.operations.push(at);
      lab.enter({ ...catheter(at, end), subject: animal.id });
    });
  });
}

function catheter(at: number, end: number) {
  return {
    command: 'ImplantCatheter',
    by: SURGEON,
    happened: at,
    data: {
      route: 'atlanto-occipital',
      tipLevel: 'L4',
      length: { value: '7.8', unit: 'cm' },
      deadVolume: { value: '8', unit: 'uL' },
      lidocaineTest: { result: 'bilateral-paralysis', lot: 'LID-118' },
      surgeon: SURGEON.actor,
      end: written(end),
      ...ANAESTHESIA,
      recovery: 'Full motor function after the lidocaine had worn off; housed singly from now on',
    },
  };
}

/** One animal's titration: the days it may be dosed on, and its place in the day. */
export interface Titration {
  readonly animal: Animal;
  readonly days: readonly number[];
  readonly slot: number;
  /** Asked once for every step, from 0: why it is given two hours early, if it is. */
  hurried?(this: void, step: number): string | undefined;
  /** Told once a dose is designated; never, where none can be. */
  designated(this: void, microgram: number): void;
}

const OBSERVED_AT = [5, 15, 30, 60];

/** Upwards from the lightest dose, one a day, until one relieves by itself or has side effects. */
export function planTitration(lab: Laboratory, titration: Titration, step = 0): void {
  const { animal, days, slot } = titration;
  const day = days[step];
  const planned = lab.protocol.titration.doses[step];
  if (day === undefined || planned === undefined) return designate(lab, titration);
  const reason = titration.hurried?.(step);
  const by = TECHNICIANS[slot % 2 === 0 ? 0 : 1];
  // A little later every day, so that the washout is never short of its 24 hours.
  const at = minutesAfter(timeOfSlot(day, slot), 4 * step - (reason ? 124 : 0));
  const microgram = micrograms(planned);
  animal.weighedOn.add(day);
  planRun(lab, { animal, by, at: minutesAfter(at, -11) });
  const dose = { animal, by, at, microgram, purpose: 'titration' as const };
  planDose(lab, reason === undefined ? dose : { ...dose, reason }, (record) => {
    if (reason !== undefined) planAcknowledgement(lab, record, moment(day, '16:30'));
    planSideEffects(lab, { animal, by, at }, record, OBSERVED_AT);
    for (const minute of lab.protocol.titration.windowMinutes) {
      planRun(lab, { animal, by, at: minutesAfter(at, minute), session: record, minute });
    }
    lab.plan(minutesAfter(at, 75), () => {
      if (isTolerated(lab, animal, record)) planTitration(lab, titration, step + 1);
      else designate(lab, titration);
    });
  });
}

/** Two animals at a time, one with each technician. */
function timeOfSlot(day: number, slot: number): number {
  const starts = ['08:50', '10:25', '13:05', '14:40', '16:15'];
  return minutesAfter(moment(day, starts[Math.floor(slot / 2)] ?? '17:50'), (slot % 2) * 3);
}

/** No effect and no side effects: both established, not merely unknown. */
function isTolerated(lab: Laboratory, animal: Animal, record: number): boolean {
  const history = lab.history(animal);
  const dose = factsOf(history, 'KetamineAdministered').find(({ number }) => number === record);
  if (!dose) return false;
  const { effective, sideEffects } = judgeDose(dose, new Chart(history, lab.protocols));
  return effective.holds === false && sideEffects === false;
}

/** The highest dose without effect and without side effects, on the evidence of it and of the next higher one. */
function designate(lab: Laboratory, { animal, designated }: Titration): void {
  const given = factsOf(lab.history(animal), 'KetamineAdministered');
  const chosen = given.findLast(({ number }) => isTolerated(lab, animal, number));
  if (!chosen) return;
  const next = given[given.indexOf(chosen) + 1];
  lab.plan(minutesAfter(lab.now, 35), () => {
    lab.enter({
      command: 'DesignateSubEffectiveDose',
      by: DIRECTOR,
      subject: animal.id,
      data: {
        dose: chosen.data.dose,
        evidence: next ? [chosen.number, next.number] : [chosen.number],
        justification: justification(lab, animal, chosen, next),
      },
    });
    designated(micrograms(chosen.data.dose));
  });
}

type Dose = Fact<'KetamineAdministered'>;

function justification(lab: Laboratory, animal: Animal, chosen: Dose, next: Dose | undefined): string {
  const dose = `${chosen.data.dose.value} µg: the highest dose without effect and without side effects`;
  if (!next) return `${dose}; it is the end of the dose ladder.`;
  const { effective, sideEffects } = judgeDose(next, new Chart(lab.history(animal), lab.protocols));
  const found = [
    effective.holds === false ? [] : ['relieved by itself'],
    sideEffects ? ['had side effects'] : [],
  ];
  return `${dose}; ${next.data.dose.value} µg ${found.flat().join(' and ')}.`;
}
