import { Chart } from '../../src/study/rules/chart.js';
import { judgeResponse } from '../../src/study/rules/responder.js';
import type { Animal } from './animal.js';
import { moment, written } from './calendar.js';
import { ANAESTHESIA, SURGEON, TECHNICIANS, minutesAfter, type Laboratory } from './laboratory.js';
import { planMotorThreshold, planRun, planStimulation } from './measurement.js';

/** The electrode, and stimulation alone: who responds, and who does not. */

export function planElectrodes(lab: Laboratory, animals: readonly Animal[], day: number): void {
  animals.forEach((animal, i) => {
    const at = minutesAfter(moment(day, '12:40'), 45 * i);
    planElectrode(lab, animal, at, 'implanted', 'Lead tunnelled to the neck');
  });
}

/** The lead of an animal whose impedance was too high on the day after. */
export function planRepair(lab: Laboratory, animal: Animal, at: number): void {
  planElectrode(lab, animal, at, 'repaired', 'Impedance above 20 kOhm: connector at the neck resoldered');
}

function planElectrode(
  lab: Laboratory,
  animal: Animal,
  at: number,
  action: 'implanted' | 'repaired',
  comment: string,
): void {
  const end = minutesAfter(at, action === 'implanted' ? 34 : 18);
  const impedance = animal.random.branch(`electrode ${action}`).normal(2.1, 0.25).toFixed(1);
  lab.plan(lab.soonAfter(minutesAfter(end, 3)), () => {
    animal.operations.push(at);
    lab.enter({
      command: 'ImplantElectrode',
      by: SURGEON,
      subject: animal.id,
      happened: at,
      data: {
        action,
        model: 'bipolar lead, 1.2 mm',
        serial: `L-${animal.id.slice(1)}`,
        contacts: 2,
        level: 'T13',
        verification: 'x-ray',
        impedance: { value: impedance, unit: 'kOhm' },
        surgeon: SURGEON.actor,
        end: written(end),
        ...ANAESTHESIA,
        comment,
      },
    });
  });
}

/** Stimulation alone, two animals at a time; `then` is told the next morning who responded and who did not. */
export function planStimulationAlone(
  lab: Laboratory,
  animals: readonly Animal[],
  day: number,
  then: (responders: Animal[], nonResponders: Animal[]) => void,
): void {
  animals.forEach((animal, i) => {
    const by = TECHNICIANS[i % 2 === 0 ? 0 : 1];
    const at = minutesAfter(moment(day, '09:25'), 130 * Math.floor(i / 2) + (i % 2) * 8);
    animal.weighedOn.add(day);
    planMotorThreshold(lab, animal, by, minutesAfter(at, -26));
    planRun(lab, { animal, by, at: minutesAfter(at, -10) });
    planStimulation(lab, { animal, by, at }, [15, 30, 60, 90]);
  });
  lab.plan(moment(day + 1, '09:00'), () => {
    const responds = (animal: Animal): boolean | null =>
      judgeResponse('scs', new Chart(lab.history(animal), lab.protocols)).holds;
    then(
      animals.filter((animal) => responds(animal) !== false),
      animals.filter((animal) => responds(animal) === false),
    );
  });
}
