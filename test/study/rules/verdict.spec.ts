import fc from 'fast-check';
import { judge, reaches, undecided, type Judged } from '../../../src/study/rules/verdict.js';
import { runs } from '../../support/effort.js';

const rule = { name: 'a rule', version: 2, metric: 'log10e4' };
const above: Judged = { rule, limit: '0.2', borderline: '0.05', met: 'at-or-above' };
const below: Judged = { rule, limit: '4', borderline: '0.5', met: 'at-or-below' };
const point = (value: number) => ({ lower: value, upper: value });

describe('a verdict', () => {
  it.each([
    [0.3, true, 0.1, false],
    [0.25, true, 0.05, true],
    [0.2, true, 0, true],
    [0.1999, false, -0.0001, true],
    [0.14, false, -0.06, false],
    [-1, false, -1.2, false],
  ])(
    'on a point of %d against at least 0.2 is %s, with a margin of %d, borderline %s',
    (value, holds, margin, borderline) => {
      const verdict = judge(above, point(value), () => []);
      expect(verdict).toMatchObject({ holds, why: null, value, between: null, limit: 0.2, borderline, rule });
      expect(verdict.margin).toBeCloseTo(margin, 12);
    },
  );

  it.each([
    [3, true, 1, false],
    [4, true, 0, true],
    [4.5, false, -0.5, true],
    [6, false, -2, false],
  ])(
    'on a point of %d against at most 4 is %s, with a margin of %d, borderline %s',
    (value, holds, margin, borderline) => {
      expect(judge(below, point(value), () => [])).toMatchObject({ holds, margin, borderline });
    },
  );

  it('has a margin of 0 and not of −0 at the limit', () => {
    expect(judge(below, point(4), () => []).margin).toBe(0);
    expect(judge(above, point(0.2), () => []).margin).toBe(0);
  });

  it('takes what binary arithmetic leaves behind for equal', () => {
    expect(0.3 - 0.1).toBeLessThan(0.2);
    expect(judge(above, point(0.3 - 0.1), () => []).holds).toBe(true);
    expect(reaches(1 - 1e-10, 1)).toBe(true);
    expect(reaches(1 - 1e-8, 1)).toBe(false);
  });

  it.each([
    ['from 0.3 upwards', 0.3, Infinity, true, 0.1],
    ['from 0.2 upwards', 0.2, Infinity, true, 0],
    ['from 0.1 upwards', 0.1, Infinity, null, null],
    ['up to 0.1', -Infinity, 0.1, false, -0.1],
    ['up to 0.3', -Infinity, 0.3, null, null],
    ['of anything', -Infinity, Infinity, null, null],
    ['between 0.1 and 0.3', 0.1, 0.3, null, null],
  ])('on a bound %s settles one direction only', (_, lower, upper, holds, margin) => {
    const verdict = judge(above, { lower, upper }, () => []);
    expect(verdict).toMatchObject({
      holds,
      value: null,
      why: holds === null ? 'bound-does-not-settle' : null,
    });
    expect(verdict.between).toEqual([
      Number.isFinite(lower) ? lower : null,
      Number.isFinite(upper) ? upper : null,
    ]);
    if (margin === null) expect(verdict).toMatchObject({ margin: null, borderline: false });
    else expect(verdict.margin).toBeCloseTo(margin, 12);
  });

  it('cites each record once, in order', () => {
    expect(judge(above, point(1), () => [9, 3, 12, 3]).evidence).toEqual([3, 9, 12]);
    expect(undecided(above, 'not-tested-yet', () => [9, 3, 3])).toMatchObject({
      holds: null,
      why: 'not-tested-yet',
      evidence: [3, 9],
    });
  });

  it('on a bound is never at odds with the verdict on any point within it', () => {
    const end = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        end,
        end,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(above, below),
        (a, b, share, judged) => {
          const [lower, upper] = [Math.min(a, b), Math.max(a, b)];
          const within = judge(judged, point(lower + share * (upper - lower)), () => []).holds;
          for (const interval of [
            { lower, upper },
            { lower, upper: Infinity },
            { lower: -Infinity, upper },
          ]) {
            const { holds } = judge(judged, interval, () => []);
            if (holds !== null && lower < upper) expect([holds, within]).toEqual([within, within]);
          }
        },
      ),
      runs(1000),
    );
  });

  it('has a margin that is positive or zero where the rule is met, and negative where not', () => {
    const end = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(end, fc.constantFrom(above, below), (value, judged) => {
        const { holds, margin } = judge(judged, point(value), () => []);
        if (holds) expect(margin).toBeGreaterThanOrEqual(-1e-9);
        else expect(margin).toBeLessThan(0);
      }),
      runs(100),
    );
  });
});
