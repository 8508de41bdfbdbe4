import { cageMate, type Animal, type AnyAnimal } from './animal.js';
import { weighed, welfare } from './bench.js';
import { dayOf, moment, weekday } from './calendar.js';
import { DIRECTOR, TECHNICIANS, VETERINARIAN, minutesAfter, type Laboratory } from './laboratory.js';
import type { Entry, Person } from './script.js';

/** Enrolment, the morning rounds and the end: what every animal goes through, whatever becomes of it. */

export function planEnrolment(lab: Laboratory, animals: readonly Animal[]): void {
  animals.forEach((animal, i) => {
    const at = minutesAfter(moment(1, '08:30'), 4 * i);
    animal.arrived = at;
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
      placeOfBirth: 'eu-registered',
      bredForProcedures: true,
      geneticStatus: 'not-altered',
      newGeneticLine: false,
      use: { kind: 'first' },
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

/** Weighing on Mondays and Thursdays, a welfare score on Mondays; both daily after an operation. */
export function planRounds(lab: Laboratory, animals: readonly AnyAnimal[], lastDay: number): void {
  for (let day = 3; day <= lastDay; day++) {
    animals.forEach((animal, i) => {
      const by = TECHNICIANS[i % 2 === 0 ? 0 : 1];
      lab.plan(minutesAfter(moment(day, '08:00'), 1.5 * i), () => seeTo(lab, animal, by, day));
    });
  }
}

function seeTo(lab: Laboratory, animal: AnyAnimal, by: Person, day: number): void {
  if (animal.ended) return;
  const operated = day - dayOf(animal.operations.at(-1) ?? -Infinity);
  const isMonday = weekday(day) === 0;
  if (isMonday || weekday(day) === 3 || operated <= WEIGHED_DAILY || animal.weighedOn.has(day)) {
    weigh(lab, animal, by, day);
  }
  if (!isMonday && operated > SCORED_DAILY) return;
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

/** Of the rats and of the mice, one weight that waited for the terminal; of the rats, one with its digits swapped. */
const ENTERED_LATE = { rats: 'R05 on 12', mice: 'M05 on 10' };
const SWAPPED = 'R14 on 17';

function weigh(lab: Laboratory, animal: AnyAnimal, by: Person, day: number): void {
  const happened = lab.now;
  const asShown = weighed(animal, happened);
  const weighing = (value: string): Entry => ({
    command: 'RecordBodyWeight',
    by,
    subject: animal.id,
    data: { weight: { value, unit: 'g' }, instrument: { id: 'BAL-2' } },
  });
  switch (`${animal.id} on ${day}`) {
    case ENTERED_LATE.rats:
    case ENTERED_LATE.mice: {
      const reason = 'The terminal in the animal room was down; copied from the paper sheet';
      return lab.plan(moment(day, '15:40'), () => lab.enter({ ...weighing(asShown), happened, reason }));
    }
    case SWAPPED: {
      const target = lab.enter(weighing(swapped(asShown)));
      const reason = 'Digits swapped when copying from the balance';
      // On the next day it takes the study director.
      return lab.plan(moment(day + 1, '09:40'), () =>
        lab.correct(target, { ...weighing(asShown), by: DIRECTOR, happened }, reason),
      );
    }
    default:
      lab.enter(weighing(asShown));
  }
}

/** The first two digits after the leading one that differ, exchanged; the decimal point stays where it is. */
function swapped(value: string): string {
  const digits = [...value.replace('.', '')];
  const place = digits.findIndex((digit, i) => i > 0 && digit !== (digits[i + 1] ?? digit));
  if (place < 0) return value;
  [digits[place], digits[place + 1]] = [digits[place + 1] ?? '', digits[place] ?? ''];
  return `${digits.slice(0, -1).join('')}.${digits.at(-1)}`;
}

/** The planned end of an animal's part in the study. */
export function planEuthanasia(lab: Laboratory, animal: AnyAnimal, at: number): void {
  lab.plan(at, () => euthanise(lab, animal, { cause: 'planned' }));
}

export function euthanise(
  lab: Laboratory,
  animal: AnyAnimal,
  why: { cause: 'planned' | 'other'; comment?: string },
) {
  const done = (type: string): boolean => lab.history(animal).some((fact) => fact.type === type);
  animal.ended = true;
  lab.enter({
    command: 'EuthaniseSubject',
    by: VETERINARIAN,
    subject: animal.id,
    data: {
      method: 'CO2, rising concentration',
      confirmation: 'cessation of heartbeat',
      ...why,
      ...(done('ElectrodeImplanted') && { electrodePosition: 'T13, midline' }),
      ...(done('CatheterImplanted') && { catheterPosition: 'L4, subarachnoid' }),
    },
  });
}
