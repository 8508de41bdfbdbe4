import { Chart } from '../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../src/study/rules/hypersensitivity.js';
import type { Animal } from './animal.js';
import { moment, written } from './calendar.js';
import { ANAESTHESIA, DIRECTOR, SURGEON, TECHNICIANS, minutesAfter, type Laboratory } from './laboratory.js';
import { planRun } from './measurement.js';

/** Baseline, ligation, and the runs that show whether the paw has become hypersensitive. */

/** Animals operated on the same day, and that day of the calendar. */
export interface Batch {
  readonly animals: readonly Animal[];
  readonly day: number;
}

/** `then` is told, on the day of the deciding run, which animals are hypersensitive and which are not. */
export function planLesion(
  lab: Laboratory,
  { animals, day }: Batch,
  then: (hypersensitive: Animal[], others: Animal[]) => void,
): void {
  planRuns(lab, animals, day - 3, 'none');
  planRuns(lab, animals, day - 1, 'every-other');
  animals.forEach((animal, i) => {
    animal.weighedOn.add(day).add(day + 14);
    planLigation(lab, animal, minutesAfter(moment(day, '09:10'), 55 * i));
  });
  planRuns(lab, animals, day + 2, 'none');
  planRuns(lab, animals, day + 8, 'none');
  planRuns(lab, animals, day + 14, 'every');
  lab.plan(moment(day + 14, '12:10'), () => {
    const isHypersensitive = (animal: Animal): boolean =>
      judgeHypersensitivity(new Chart(lab.history(animal), lab.protocols)).holds === true;
    then(
      animals.filter(isHypersensitive),
      animals.filter((animal) => !isHypersensitive(animal)),
    );
  });
}

/** Both technicians test at once, each one half of the animals; the other paw of none, of every other, or of every one. */
function planRuns(
  lab: Laboratory,
  animals: readonly Animal[],
  day: number,
  otherPaw: 'none' | 'every-other' | 'every',
): void {
  animals.forEach((animal, i) => {
    const by = TECHNICIANS[i % 2 === 0 ? 0 : 1];
    const at = minutesAfter(moment(day, '09:20'), 16 * Math.floor(i / 2) + (i % 2));
    planRun(lab, { animal, by, at });
    const both = otherPaw === 'every' || (otherPaw === 'every-other' && i % 4 < 2);
    if (both) planRun(lab, { animal, by, at: minutesAfter(at, 7), paw: 'contralateral' });
  });
}

function planLigation(lab: Laboratory, animal: Animal, at: number): void {
  const random = animal.random.branch('ligation');
  const tied = minutesAfter(at, 14);
  const end = minutesAfter(at, Math.round(random.between(22, 31)));
  lab.plan(lab.soonAfter(minutesAfter(end, 6)), () => {
    animal.ligated = tied;
    animal.operations.push(tied);
    lab.enter({
      command: 'LigateNerve',
      by: SURGEON,
      subject: animal.id,
      happened: tied,
      data: {
        side: 'left',
        nerve: 'sciatic',
        procedure: 'partial-ligation',
        fraction: '1/3 to 1/2',
        suture: { size: '8-0', material: 'silk' },
        surgeon: SURGEON.actor,
        assistant: TECHNICIANS[1].actor,
        start: written(at),
        end: written(end),
        ...ANAESTHESIA,
        bodyTemperature: { value: random.normal(37.2, 0.25).toFixed(1), unit: 'Cel' },
        recovery: 'Awake and moving within ten minutes',
      },
    });
  });
}

/** Takes out an animal that is not hypersensitive, by the criterion fixed beforehand. */
export function planExclusion(lab: Laboratory, animal: Animal, at: number): void {
  lab.plan(at, () => {
    lab.enter({
      command: 'ExcludeSubject',
      by: DIRECTOR,
      subject: animal.id,
      reason: 'Not hypersensitive on day 14 after the ligation',
      data: { prespecified: true, criterion: 'not-hypersensitive', decidedBy: DIRECTOR.actor },
    });
  });
}
