import fc from 'fast-check';
import { doseKind, isPerWeight, isSameDose } from '../../src/study/dose.js';
import { AnyDose, doseOf, type Quantity } from '../../src/study/quantity.js';
import { runs } from '../support/effort.js';
import { anyValueOf } from './any-value.js';

const rat: Quantity = { value: '312.5', unit: 'g' };
const dose = (text: string): AnyDose => {
  const [value = '', unit = ''] = text.split(' ');
  return { value, unit: unit as AnyDose['unit'] };
};

describe('two doses', () => {
  it.each([
    ['20 ug', '0.02 mg'],
    ['20 ug', '20.0 ug'],
    ['3 mg/kg', '0.003 g/kg'],
    ['1000 nmol', '1 umol'],
    ['96 ug/kg', '30 ug'],
    ['9.6 nmol/kg', '3 nmol'],
    ['32 [iU]/kg', '10 [iU]'],
    ['0.9 %', '0.90 %'],
  ])('are one: %s and %s in a rat of 312.5 g', (one, other) => {
    expect(isSameDose(dose(one), dose(other), rat)).toBe(true);
    expect(isSameDose(dose(other), dose(one), rat)).toBe(true);
  });

  it.each([
    ['20 ug', '21 ug'],
    ['1 ug', '1 nmol'],
    ['1 [iU]', '1 ug'],
    ['1 %', '1 mg'],
  ])('are two: %s and %s', (one, other) => {
    expect(isSameDose(dose(one), dose(other), rat)).toBe(false);
  });

  it('are never one across body weight where the weight is not known', () => {
    expect(isSameDose(dose('96 ug/kg'), dose('30 ug'))).toBe(false);
  });

  it('are one or two in either order', () => {
    fc.assert(
      fc.property(anyValueOf(AnyDose), anyValueOf(AnyDose), (drawn, other) => {
        const [a, b] = [drawn as AnyDose, other as AnyDose];
        expect(isSameDose(a, a)).toBe(true);
        if (doseKind(a) !== doseKind(b)) expect(isSameDose(a, b, rat)).toBe(false);
      }),
      runs(300),
    );
  });

  it('are read in micrograms where they are a mass, and in nothing else', () => {
    expect(doseOf(dose('500 ng'), rat)).toEqual({ microgram: 0.5, microgramPerKg: 1.6 });
    expect(doseOf(dose('3 mg/kg'), undefined)).toEqual({ microgram: null, microgramPerKg: 3000 });
    expect(doseOf(dose('3 mg'), undefined)).toEqual({ microgram: 3000, microgramPerKg: null });
    for (const text of ['1 nmol', '1 umol/kg', '1 [iU]', '1 %'])
      expect(doseOf(dose(text), rat)).toEqual({ microgram: null, microgramPerKg: null });
    expect(isPerWeight(dose('1 [iU]/kg'))).toBe(true);
  });
});
