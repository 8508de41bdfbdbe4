import fc from 'fast-check';
import {
  BodyWeight,
  Concentration,
  Current,
  Decimal,
  Dose,
  Frequency,
  Impedance,
  Length,
  PulseWidth,
  Temperature,
  Volume,
  baseValue,
  canonicalDose,
  canonicalQuantity,
  doseOf,
  formatQuantity,
  isOutside,
  isSame,
  micrograms,
} from '../../src/study/quantity.js';
import { matches } from '../../src/study/schema.js';
import { runs } from '../support/effort.js';

/** A decimal as an instrument shows it, with its digits and where the point stands. */
const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 999_999_999n }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => {
    const padded = String(digits).padStart(places + 1, '0');
    const text = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
    return { digits, places, text };
  });

/** digits · 10^power by moving the point only. */
function shifted(digits: bigint, power: number): number {
  if (power >= 0) return Number(`${digits}${'0'.repeat(power)}`);
  const padded = String(digits).padStart(1 - power, '0');
  return Number(`${padded.slice(0, power)}.${padded.slice(power)}`);
}

describe('a quantity', () => {
  it.each<[string, number]>([
    ['g', 0],
    ['kg', 3],
    ['mg', -3],
    ['ug', -6],
    ['ug/kg', 0],
    ['mg/kg', 3],
    ['uL', 0],
    ['mL', 3],
    ['mA', 0],
    ['uA', -3],
    ['kHz', 3],
    ['us', 0],
    ['ms', 3],
    ['kOhm', 0],
    ['Ohm', -3],
    ['cm', 1],
    ['mg/mL', 0],
    ['ug/uL', 0],
    ['ug/mL', -3],
  ])('in %s is shifted by 10^%d without losing a digit', (unit, power) => {
    fc.assert(
      fc.property(decimal, ({ digits, places, text }) => {
        expect(matches(Decimal, text)).toBe(true);
        expect(baseValue({ value: text, unit })).toBe(shifted(digits, power - places));
      }),
      runs(200),
    );
  });

  it('is the same number in whatever unit of its group it is written', () => {
    const pairs: [string, string, string, string][] = [
      ['0.2437', 'kg', '243.70', 'g'],
      ['0.2', 'ms', '200', 'us'],
      ['0.18', 'mA', '180', 'uA'],
      ['0.05', 'kHz', '50', 'Hz'],
      ['10', 'uL', '0.010', 'mL'],
      ['1.1', 'mg/kg', '1100.0', 'ug/kg'],
    ];
    for (const [a, unit, b, other] of pairs)
      expect(baseValue({ value: a, unit })).toBe(baseValue({ value: b, unit: other }));
  });

  it('of a unit that the ledger does not know has no number', () => {
    for (const unit of ['lb', '', 'constructor', '__proto__'])
      expect(() => baseValue({ value: '1', unit })).toThrow(RangeError);
    expect(() => micrograms({ value: '1', unit: 'mL' })).toThrow(RangeError);
  });

  it('in mass has its micrograms', () => {
    expect(micrograms({ value: '0.03', unit: 'mg' })).toBe(30);
    expect(micrograms({ value: '30.0', unit: 'ug' })).toBe(30);
  });

  it('is printed as read', () => {
    expect(formatQuantity({ value: '30.0', unit: 'ug/kg' })).toBe('30.0 µg/kg');
    expect(formatQuantity({ value: '243.70', unit: 'g' })).toBe('243.70 g');
  });

  it('lies outside a range beyond its ends, not at them', () => {
    const range = { low: { value: '100', unit: 'g' }, high: { value: '0.7', unit: 'kg' } };
    const outside = (value: string, unit = 'g') => isOutside(range, { value, unit });
    expect(['99.999', '700.001'].map((value) => outside(value))).toEqual([true, true]);
    expect(['100.000', '700', '243.7'].map((value) => outside(value))).toEqual([false, false, false]);
    expect(outside('0.7', 'kg')).toBe(false);
    expect(isOutside(undefined, { value: '1', unit: 'g' })).toBe(false);
  });

  it.each([
    [BodyWeight, 'kg', true],
    [BodyWeight, 'mg', false],
    [Dose, 'mg/kg', true],
    [Dose, 'g', false],
    [Volume, 'mL', true],
    [Current, 'A', false],
    [Frequency, 'Hz', true],
    [PulseWidth, 's', false],
    [Impedance, 'kOhm', true],
    [Length, 'm', false],
    [Concentration, 'ug/uL', true],
  ])('of %#: is taken in %s: %s', (schema, unit, taken) => {
    expect(matches(schema, { value: '1.5', unit })).toBe(taken);
  });

  it('is read without a sign, but for temperatures', () => {
    expect(matches(Temperature, { value: '-18.5', unit: 'Cel' })).toBe(true);
    expect(matches(Volume, { value: '-1', unit: 'uL' })).toBe(false);
  });

  it.each([
    '01',
    '1.',
    '.5',
    '1e3',
    '+1',
    '1,5',
    '1 ',
    '٣',
    '1'.repeat(13),
    `0.${'1'.repeat(13)}`,
    'NaN',
    'Infinity',
    '',
  ])('is not read as %j', (text) => {
    expect(matches(Decimal, text)).toBe(false);
  });
});

describe('a dose', () => {
  const rat = { value: '312.5', unit: 'g' } as const;

  it('has both readings, by the body weight used', () => {
    expect(doseOf({ value: '30', unit: 'ug' }, rat)).toEqual({ microgram: 30, microgramPerKg: 96 });
    expect(doseOf({ value: '0.096', unit: 'mg/kg' }, rat)).toEqual({ microgram: 30, microgramPerKg: 96 });
    expect(doseOf({ value: '30', unit: 'ug' }, { value: '0.3125', unit: 'kg' })).toEqual({
      microgram: 30,
      microgramPerKg: 96,
    });
  });

  it('is the same after there and back, to twelve digits', () => {
    const grams = fc
      .integer({ min: 1000, max: 9999 })
      .map((tenths) => ({ value: (tenths / 10).toFixed(1), unit: 'g' as const }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), grams, (tenths, weight) => {
        const value = (tenths / 10).toFixed(1);
        const { microgram, microgramPerKg } = doseOf({ value, unit: 'ug' }, weight);
        expect(microgram).toBe(Number(value));
        expect(isSame((microgramPerKg * baseValue(weight)) / 1000, microgram)).toBe(true);
      }),
      runs(100),
    );
  });
});

describe('a quantity as a key', () => {
  it.each([
    ['20', 'ug', '20 µg'],
    ['20.0', 'ug', '20 µg'],
    ['0.02', 'mg', '20 µg'],
    ['0.020', 'mg', '20 µg'],
    ['100', 'ug', '100 µg'],
    ['0.5', 'ug', '0.5 µg'],
    ['0.0', 'mg', '0 µg'],
    ['20', 'ug/kg', '20 µg/kg'],
    ['0.02', 'mg/kg', '20 µg/kg'],
  ])('is one text for one dose: %s %s', (value, unit, text) => {
    expect(formatQuantity(canonicalDose({ value, unit }))).toBe(text);
  });

  it('is in the first unit of its group', () => {
    expect(canonicalQuantity({ value: '0.0100', unit: 'mL' })).toEqual({ value: '10', unit: 'uL' });
    expect(canonicalQuantity({ value: '30', unit: 'min' })).toEqual({ value: '30', unit: 'min' });
  });
});
