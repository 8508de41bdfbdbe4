import type { Animal } from './animal.js';
import { weighed, welfare } from './bench.js';
import { DAY, dayOf, moment, weekday } from './calendar.js';
import { cageMate } from './irregular-runs.js';
import { TECHNICIANS, VETERINARIAN, minutesAfter, type Laboratory } from './laboratory.js';
import type { Entry } from './script.js';

/** Enrolment, the morning rounds and the end: what every animal goes through, whatever becomes of it. */

export function planEnrolment(lab: Laboratory, animals: readonly Animal[]): void {
  animals.forEach((animal, i) => {
    const at = minutesAfter(moment(1, '08:30'), 4 * i);
    animal.arrive(at);
    lab.plan(at, () => lab.enter(enrolment(animal, i, at)));
  });
}

function enrolment(animal: Animal, index: number, at: number): Entry {
  return {
    command: 'EnrolSubject',
    by: TECHNICIANS[0],
    subject: animal.id,
    data: {
      species: 'Rattus norvegicus',
      strain: 'Crl:CD(SD)',
      sex: 'male',
      dateOfBirth: index % 2 === 0 ? '2025-12-29' : '2025-12-30',
      bodyWeight: { value: weighed(animal, at), unit: 'g' },
      supplier: 'Simulated supplier',
      healthStatus: 'SPF',
      identification: { method: 'ear-tag', mark: String(1201 + index) },
      arrival: '2026-02-17',
      acclimatisationDays: 7,
      housing: {
        cage: `C${String(1 + Math.floor(index / 2)).padStart(2, '0')}`,
        companions: 1,
        bedding: 'aspen chips',
        enrichment: 'tunnel, nesting paper',
        lightCycle: '12 h light from 07:00',
        temperature: { value: '21.5', unit: 'Cel' },
        diet: 'standard pellets and water ad libitum',
      },
      comment: `Simulated animal, housed with ${cageMate(animal.id)}.`,
    },
  };
}

/** Days since the latest operation through which an animal is weighed, and through which it is scored, every day. */
const WEIGHED_DAILY = 5;
const SCORED_DAILY = 3;

/** Every animal on Mondays and Thursdays, on the days of its operations and doses, and daily after an operation. */
export function planRounds(lab: Laboratory, animals: readonly Animal[], lastDay: number): void {
  for (let day = 3; day <= lastDay; day++) {
    animals.forEach((animal, i) => {
      const at = minutesAfter(moment(day, '07:45'), 1.5 * i);
      lab.plan(at, () => seeTo(lab, animal, i, day));
    });
  }
}

function seeTo(lab: Laboratory, animal: Animal, index: number, day: number): void {
  if (animal.ended) return;
  const by = TECHNICIANS[index % 2 === 0 ? 0 : 1];
  const operated = day - dayOf(animal.operations.at(-1) ?? -100 * DAY);
  const regular = weekday(day) === 0 || weekday(day) === 3;
  if (regular || operated <= WEIGHED_DAILY || animal.days.has(day)) weigh(lab, animal, by, day);
  if (weekday(day) !== 0 && operated > SCORED_DAILY) return;
  lab.plan(lab.now + 35_000, () => {
    const scores = welfare(animal, lab.now);
    const total = scores.reduce((sum, { score }) => sum + score, 0);
    lab.enter({
      command: 'ScoreWelfare',
      by,
      subject: animal.id,
      data: { sheet: lab.protocol.welfare.sheet, scores, ...(total > 0 && { severity: 'mild' }) },
    });
  });
}
