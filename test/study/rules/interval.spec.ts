import fc from 'fast-check';
import {
  divide,
  greater,
  plus,
  difference,
  inGrams,
  isPoint,
  percentOf,
  percentOfWay,
} from '../../../src/study/rules/interval.js';
import type { Interval } from '../../../src/study/rules/threshold.js';
import { runs, specimens } from '../../support/effort.js';

/** A closed interval in log units with a point inside it: a point, a half-line, or a stretch. */
const withInside = fc
  .tuple(
    fc.double({ min: 3, max: 6, noNaN: true }),
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.constantFrom('point', 'up', 'down', 'both'),
  )
  .map(([at, length, shape]): [Interval, number] => {
    switch (shape) {
      case 'up':
        return [{ lower: at, upper: Infinity }, at + length];
      case 'down':
        return [{ lower: -Infinity, upper: at }, at - length];
      case 'both':
        return [{ lower: at - length, upper: at + length }, at];
      default:
        return [{ lower: at, upper: at }, at];
    }
  });

const ways = fc.tuple(withInside, withInside, withInside);

/** To within the rounding of a few operations on numbers of that size. */
function expectInside(value: number, { lower, upper }: Interval): void {
  const slack = 1e-9 * Math.max(1, Math.abs(value));
  expect(lower).not.toBeNaN();
  expect(upper).not.toBeNaN();
  expect(value).toBeGreaterThanOrEqual(lower - slack);
  expect(value).toBeLessThanOrEqual(upper + slack);
}

const grams = (log: number) => 10 ** (log - 4);

describe('interval arithmetic', () => {
  it('encloses every difference, greatest, mean and share in grams of the points inside', () => {
    fc.assert(
      fc.property(withInside, withInside, ([a, x], [b, y]) => {
        expectInside(x - y, difference(a, b));
        expectInside(Math.max(x, y), greater(a, b));
        expectInside((x + y) / 2, divide(plus(a, b), 2));
        expectInside(grams(x), inGrams(a));
        expectInside(grams(x) - grams(y), difference(inGrams(a), inGrams(b)));
        expectInside((100 * grams(x)) / grams(y), percentOf(inGrams(a), inGrams(b)) as Interval);
      }),
      runs(2000),
    );
  });

  it('encloses every share of the way, where the way is certainly longer than nothing', () => {
    fc.assert(
      fc.property(ways, ([[a, x], [b, from], [c, to]]) => {
        const share = percentOfWay(a, b, c);
        if (share === null) {
          expect(c.lower - b.upper).toBeLessThanOrEqual(1e-9);
          return;
        }
        expectInside((100 * (x - from)) / (to - from), share);
      }),
      runs(4000),
    );
    const settled = specimens(ways, 4000).filter(([[a], [b], [c]]) => percentOfWay(a, b, c) !== null);
    expect(settled.length).toBeGreaterThan(300);
  });

  it('of points is a point', () => {
    const [a, b, c] = [4.5, 4.3, 4.7].map((at) => ({ lower: at, upper: at })) as [
      Interval,
      Interval,
      Interval,
    ];
    for (const result of [
      difference(a, b),
      greater(a, b),
      divide(plus(a, b), 2),
      inGrams(a),
      percentOf(a, b),
      percentOfWay(a, b, c),
    ]) {
      expect(isPoint(result as Interval)).toBe(true);
    }
    expect(percentOfWay(a, b, c)?.lower).toBeCloseTo(50, 9);
  });

  it('knows that a bound below in log units is 0 g, and one above without end', () => {
    expect(inGrams({ lower: -Infinity, upper: 4 })).toEqual({ lower: 0, upper: 1 });
    expect(inGrams({ lower: 5, upper: Infinity })).toEqual({ lower: 10, upper: Infinity });
  });
});
