import fc from 'fast-check';
import { constantStepK, exactLog, visitedStep } from '../../../src/study/rules/likelihood.js';
import { logPhi } from '../../../src/study/rules/normal.js';
import { runs } from '../../support/effort.js';

describe('constant-step likelihood', () => {
  it.each([
    ['OX', -0.5],
    ['OOXX', 0],
    ['OOOXXX', 0.5],
    ['OOOOXXXX', 1],
    ['OOOOOXXXXX', 1.5],
    ['OXXO', 1],
    ['XO', 0.5],
  ])('finds the middle of the symmetric run %s to 1e-12', (run, k) => {
    expect(Math.abs((constantStepK(run) ?? NaN) - k)).toBeLessThan(1e-12);
  });

  it.each([
    ['OOOOOXXXX', 1.0012],
    ['OOOOOXXOXX', 0.5046],
    ['OOOOOXXXOX', 0.2527],
    ['OOOOOXXXXO', 2.015],
    ['OOOOOXXXXX', 1.5],
    ['OXOOXOX', -0.7627],
    ['OOXOOXXX', 0.5],
  ])('gives the published k of %s, which is not in the table', (run, k) => {
    expect(constantStepK(run)).toBeCloseTo(k, 4);
  });

  it('has no estimate where all responses are equal', () => {
    for (const run of ['', 'O', 'XXXX', 'OX?']) expect(constantStepK(run)).toBeUndefined();
  });
});

describe('exact-position likelihood', () => {
  const touch = fc.record({
    log: fc.constantFrom(3.6, 3.78, 4, 4.3, 4.6, 4.78, 4.9, 5.18),
    response: fc.constantFrom('O', 'X'),
  });
  const mixed = fc.array(touch, { minLength: 2, maxLength: 12 }).filter((touches) => {
    const distinct = new Set(touches.map(({ log }) => log)).size;
    return distinct > 1 && new Set(touches.map(({ response }) => response)).size > 1;
  });
  const parts = (touches: { log: number; response: string }[]) => ({
    logs: touches.map(({ log }) => log),
    run: touches.map(({ response }) => response).join(''),
  });

  it('finds the maximum of the likelihood', () => {
    fc.assert(
      fc.property(mixed, (touches) => {
        const { logs, run } = parts(touches);
        const sigma = visitedStep(logs) ?? NaN;
        const likelihood = (mean: number) =>
          logs.reduce((sum, x, i) => sum + logPhi((run[i] === 'X' ? 1 : -1) * ((x - mean) / sigma)), 0);
        const estimate = exactLog(logs, run) ?? NaN;
        expect(likelihood(estimate)).toBeGreaterThan(likelihood(estimate - sigma * 1e-5));
        expect(likelihood(estimate)).toBeGreaterThan(likelihood(estimate + sigma * 1e-5));
      }),
      runs(100),
    );
  });

  it('rises when one withdrawal becomes none at the same filaments', () => {
    fc.assert(
      fc.property(mixed, fc.nat(), (touches, pick) => {
        const { logs, run } = parts(touches);
        const withdrawals = Array.from(run).flatMap((response, i) => (response === 'X' ? [i] : []));
        fc.pre(withdrawals.length > 1);
        const changed = withdrawals[pick % withdrawals.length] ?? 0;
        const fewer = `${run.slice(0, changed)}O${run.slice(changed + 1)}`;
        expect(exactLog(logs, fewer)).toBeGreaterThan(exactLog(logs, run) ?? NaN);
      }),
      runs(100),
    );
  });

  it('does not depend on the order of the touches, and moves with the ladder', () => {
    fc.assert(
      fc.property(mixed, (touches) => {
        const { logs, run } = parts(touches);
        const backwards = parts([...touches].reverse());
        const estimate = exactLog(logs, run) ?? NaN;
        expect(exactLog(backwards.logs, backwards.run)).toBeCloseTo(estimate, 12);
        expect(
          exactLog(
            logs.map((x) => x + 1),
            run,
          ),
        ).toBeCloseTo(estimate + 1, 12);
      }),
      runs(100),
    );
  });

  it('is the constant-step estimate on even steps', () => {
    expect(exactLog([1, 1.5, 1, 1.5, 1, 1.5], 'OXOXOX')).toBeCloseTo(1.5 - 0.5 * 0.5, 12);
    expect(visitedStep([1, 1.5, 1, 1.5])).toBe(0.5);
  });

  it('has no estimate from one filament, from equal responses or from nothing', () => {
    expect(exactLog([4, 4, 4], 'OXO')).toBeUndefined();
    expect(exactLog([4, 4.2], 'OO')).toBeUndefined();
    expect(exactLog([], '')).toBeUndefined();
  });
});
