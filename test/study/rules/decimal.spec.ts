import fc from 'fast-check';
import {
  compared,
  decimalText,
  exactly,
  product,
  ratio,
  rounded,
  shifted,
  significantDigits,
} from '../../../src/study/rules/decimal.js';
import { runs } from '../../support/effort.js';

/** A decimal above zero as an instrument shows it. */
const decimal = fc
  .tuple(fc.bigInt({ min: 1n, max: 999_999n }), fc.integer({ min: 0, max: 5 }))
  .map(([digits, places]) => {
    const padded = String(digits).padStart(places + 1, '0');
    return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
  });

describe('an exact decimal', () => {
  it.each([
    ['0.1', '0.2', '0.02'],
    ['0.60', '0.28', '0.168'],
    ['0.70', '0.28', '0.196'],
    ['3', '10', '30'],
    ['1.10', '1.10', '1.21'],
  ])('times another loses no digit: %s × %s = %s', (a, b, expected) => {
    expect(decimalText(product(exactly(a), exactly(b)))).toBe(expected);
  });

  it.each([
    ['30', '0.3125', 3, '96', true],
    ['30', '0.310', 3, '96.8', false],
    ['1', '3', 4, '0.3333', false],
    ['2', '3', 3, '0.667', false],
    ['9.999', '1', 3, '10', false],
    ['99950', '1', 3, '100000', false],
    ['1', '8', 2, '0.13', false],
    ['1', '1000000', 3, '0.000001', true],
  ])('over another is rounded once: %s ÷ %s to %i digits = %s', (a, b, digits, text, isExact) => {
    expect(ratio(exactly(a), exactly(b), digits)).toEqual({ text, isExact });
  });

  it('counts the digits that say something', () => {
    expect(['312.5', '0.050', '100', '0.0', '7'].map(significantDigits)).toEqual([4, 2, 3, 1, 1]);
  });

  it('is rounded by less than half of its last digit, and a ratio times its divisor comes back', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.integer({ min: 3, max: 9 }), (a, b, digits) => {
        const { text, isExact } = ratio(exactly(a), exactly(b), digits);
        const back = product(exactly(text), exactly(b));
        const places = Math.min(12, text.includes('.') ? text.split('.')[1]!.length : 0);
        expect(compared(back, exactly(a)) === 0).toBe(isExact);
        const wanted = Number(a) / Number(b);
        expect(Math.abs(Number(text) - wanted)).toBeLessThan(0.51 * wanted * 10 ** (1 - digits) + 1e-12);
        expect(places).toBeLessThanOrEqual(12);
        expect(significantDigits(text)).toBeLessThanOrEqual(Math.max(digits, text.split('.')[0]!.length));
      }),
      runs(500),
    );
  });

  it('is the same number however its point is shifted', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: -9, max: 9 }), (a, power) => {
        expect(compared(shifted(shifted(exactly(a), power), -power), exactly(a))).toBe(0);
        expect(Number(decimalText(shifted(exactly(a), power)))).toBeCloseTo(Number(`${a}e${power}`), 12);
        expect(rounded(exactly(a), 12)).toEqual({ text: decimalText(exactly(a)), isExact: true });
      }),
      runs(300),
    );
  });
});
