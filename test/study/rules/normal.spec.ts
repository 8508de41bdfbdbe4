import fc from 'fast-check';
import { inverseMillsRatio, logPhi } from '../../../src/study/rules/normal.js';
import { runs } from '../../support/effort.js';

/** x, log Φ(x), φ(x)/Φ(x), computed with mpmath at 60 digits. */
const REFERENCE: [number, number, number][] = [
  [-100, -5005.524208694205, 100.00999800099926],
  [-37.5, -707.6689893175072, 37.526628874883656],
  [-20, -203.91715537109727, 20.049753068527853],
  [-10, -53.23128515051247, 10.098093233962512],
  [-5, -15.064998393988725, 5.186503967125842],
  [-3.25, -7.457624891374112, 3.51639514446875],
  [-2.0000001, -3.783184571003589, 2.373215621394931],
  [-2, -3.783184333682032, 2.373215532822841],
  [-1.5, -2.7059444008238898, 1.9386771666225433],
  [-1, -1.8410216450092636, 1.525135276160981],
  [-0.125, -0.7979261427530241, 0.879127895756634],
  [0, -Math.LN2, 0.7978845608028654],
  [0.5, -0.3689464152886564, 0.5091604338370335],
  [1, -0.17275377902344988, 0.2875999709391784],
  [1.96, -0.025315649164282115, 0.05993930068729],
  [2, -0.023012909328963486, 0.055247862678989956],
  [2.0000001, -0.0230129038041778, 0.055247851324185734],
  [3, -0.0013508099647481938, 0.004437839042125664],
  [5, -2.866516129637636e-7, 1.4867199409049056e-6],
  [8, -6.220960574271786e-16, 5.052271083536895e-15],
  [20, -2.7536241186062337e-89, 5.520948362159764e-88],
];

const relative = (found: number, known: number) => Math.abs(found / known - 1);

describe('normal distribution', () => {
  it.each(REFERENCE)('meets the reference at %d to 1e-14', (x, log, ratio) => {
    expect(relative(logPhi(x), log)).toBeLessThan(1e-14);
    expect(relative(inverseMillsRatio(x), ratio)).toBeLessThan(1e-14);
  });

  it('agrees with itself across zero: Φ(x) + Φ(−x) = 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 40, noNaN: true }), (x) => {
        expect(Math.exp(logPhi(x)) + Math.exp(logPhi(-x))).toBeCloseTo(1, 14);
      }),
      runs(100),
    );
  });

  it('only rises, and its slope only falls', () => {
    const xs = Array.from({ length: 4001 }, (_, i) => i / 50 - 40);
    xs.slice(1).forEach((x, i) => {
      const before = xs[i] ?? NaN;
      if (x < 8) expect(logPhi(x)).toBeGreaterThan(logPhi(before));
      if (x < 38) expect(inverseMillsRatio(x)).toBeLessThan(inverseMillsRatio(before));
    });
  });

  it('has limits at both ends instead of NaN', () => {
    expect(logPhi(-Infinity)).toBe(-Infinity);
    expect(logPhi(Infinity)).toBeCloseTo(0, 15);
    expect(inverseMillsRatio(-Infinity)).toBe(Infinity);
    expect(inverseMillsRatio(Infinity)).toBe(0);
  });
});
