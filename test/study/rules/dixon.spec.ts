import { dixonK, outgrowsTable } from '../../../src/study/rules/dixon.js';
import { constantStepK } from '../../../src/study/rules/likelihood.js';
import { tabulatedRuns } from './runs.js';

const mirror = (run: string) => run.replace(/[OX]/g, (response) => (response === 'X' ? 'O' : 'X'));

describe('Dixon table', () => {
  it('holds 248 patterns, each within 0.0005 of its maximum likelihood', () => {
    const runs = tabulatedRuns();
    expect(new Set(runs).size).toBe(248);
    const off = runs.filter(
      (run) => Math.abs((dixonK(run) ?? NaN) - (constantStepK(run) ?? NaN)) > 0.0005 + 1e-9,
    );
    expect(runs.filter((run) => dixonK(run) === undefined)).toEqual([]);
    expect(off).toEqual([]);
  });

  it('gives a mirrored run the negative k', () => {
    for (const run of tabulatedRuns()) expect(dixonK(mirror(run))).toBe(0 - (dixonK(run) ?? NaN));
    expect(dixonK('OXXOXO')).toBe(0.831);
    expect(dixonK('XOOXOX')).toBe(-0.831);
  });

  it('meets the example printed with it (Dixon 1980, Fig. 6)', () => {
    const log = Math.log10(4) + (dixonK('OXXOXO') ?? NaN) * 0.301;
    expect(log).toBeCloseTo(0.852, 3);
    expect(Math.abs(10 ** log - 7.11)).toBeLessThan(0.01);
  });

  it('has nothing for runs without a change, with a second part of six, or with other marks', () => {
    for (const run of ['', 'O', 'XXXX', 'OOOOO', 'OXOOXOX', 'XOXOXOX', 'OX?O', 'ox', 'constructor']) {
      expect(dixonK(run)).toBeUndefined();
    }
  });

  it('reads more than four first responses in the last column, but in the five cells that still grow', () => {
    expect(dixonK('OOOOOOX')).toBe(-0.377);
    expect(dixonK('XXXXXXOXOXO')).toBe(0.453);
    for (const second of ['XXXX', 'XXOXX', 'XXXOX', 'XXXXO', 'XXXXX']) {
      expect(outgrowsTable(`OOOO${second}`)).toBe(false);
      expect(outgrowsTable(`OOOOO${second}`)).toBe(true);
      expect(outgrowsTable(mirror(`OOOOO${second}`))).toBe(true);
      expect(dixonK(`OOOOO${second}`)).toBeUndefined();
    }
  });

  it('stays within 0.0005 of the likelihood for any number of first responses where it answers', () => {
    for (const four of tabulatedRuns().filter((run) => /^(OOOOX|XXXXO)/.test(run))) {
      for (const extra of [1, 2, 5]) {
        const run = (four[0] ?? '').repeat(extra) + four;
        const k = dixonK(run);
        if (k !== undefined)
          expect(Math.abs(k - (constantStepK(run) ?? NaN))).toBeLessThanOrEqual(0.0005 + 1e-9);
      }
    }
  });
});
