import { moment } from '../calendar.js';
import { TECHNICIANS, minutesAfter, type Laboratory } from '../laboratory.js';
import type { Person } from '../script.js';
import { planTest } from './heat.js';
import type { Mouse } from './mouse.js';

/** The drug in two doses, and its vehicle: every mouse has all three, each in another order. */

/** Tests no mouse: those who do are blinded. */
const DOSER: Person = { actor: 'tech-3', role: 'technician' };

/** In mg/kg; 0 is the vehicle. */
const DOSES = [0, 30, 100] as const;
const TESTED_AT = [30, 60];

/** Given at 10 mL/kg, so that the concentration is a tenth of the dose. */
const MILLILITRES_PER_GRAM = 0.01;

export function planDoses(lab: Laboratory, mice: readonly Mouse[], days: readonly number[]): void {
  mice.forEach((mouse, i) => {
    const by = TECHNICIANS[i % 2 === 0 ? 0 : 1];
    days.forEach((day, period) => {
      const dose = DOSES[(i + period) % DOSES.length]!;
      // A little later every day, so that the wash-out is never short of its 48 hours.
      const at = minutesAfter(moment(day, '09:40'), 95 * Math.floor(i / 2) + (i % 2) * 4 + 5 * period);
      mouse.weighedOn.add(day);
      planTest(lab, mouse, by, minutesAfter(at, -22));
      planDose(lab, mouse, at, dose, (session) => {
        for (const minute of TESTED_AT)
          planTest(lab, mouse, by, minutesAfter(at, minute), { session, minute });
      });
    });
  });
}

function planDose(
  lab: Laboratory,
  mouse: Mouse,
  at: number,
  milligramPerKg: number,
  then: (record: number) => void,
): void {
  lab.observe(
    at,
    () => {
      const bodyWeight = lab.lastWeight(mouse);
      const given = {
        bodyWeight,
        route: 'intraperitoneal',
        volume: { value: (Number(bodyWeight.value) * MILLILITRES_PER_GRAM).toFixed(2), unit: 'mL' },
      };
      return {
        command: 'AdministerSubstance',
        by: DOSER,
        subject: mouse.id,
        data: milligramPerKg === 0 ? { ...SALINE, ...given } : { ...gabapentin(milligramPerKg), ...given },
      };
    },
    (record) => {
      mouse.doses.push({ at, milligramPerKg });
      then(record);
    },
  );
}

const SALINE = {
  substance: 'saline',
  dose: { value: '0.9', unit: '%' },
  purpose: 'vehicle',
  lot: 'NACL-31',
  expiry: '2027-03-31',
};

function gabapentin(milligramPerKg: number) {
  return {
    substance: 'gabapentin',
    dose: { value: String(milligramPerKg), unit: 'mg/kg' },
    purpose: 'test',
    concentration: { value: String(milligramPerKg / 10), unit: 'mg/mL' },
    vehicle: 'saline',
    lot: 'GBP-0417',
    expiry: '2027-09-30',
  };
}
