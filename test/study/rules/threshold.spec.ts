import fc from 'fast-check';
import {
  LadderError,
  filamentAt,
  indexOf,
  ladderFromGrams,
  logForce,
  toGrams,
} from '../../../src/study/rules/ladder.js';
import { exactLog } from '../../../src/study/rules/likelihood.js';
import { deriveThreshold, type Touch } from '../../../src/study/rules/threshold.js';
import { filamentsFromLast } from '../../../src/study/rules/up-down.js';
import { type PRESETS, anyTouches, preset, ruledRun, touchesOf } from './runs.js';
import { runs } from '../../support/effort.js';

/** Ladder, run, filaments, k, T by the table, estimate by exact forces (both in grams). */
const VECTORS: [string, string, string, number, string, number][] = [
  ['RAT-N8', 'OXOXOX', '2 4 2 4 2 4', -0.5, '3.0877', 2.8283],
  ['RAT-N8', 'OOXXOO', '2 4 6 4 2 4', 0.372, '4.8496', 4.6658],
  ['RAT-N8', 'XOOXOX', '2 1 2 4 2 4', -0.831, '2.6014', 2.248],
  ['RAT-N8', 'XXOXXX', '2 1 0.6 1 0.6 0.4', 0.154, '0.4332', 0.3952],
  ['RAT-N8', 'OOOXOXOX', '2 4 6 8 6 8 6 8', -0.453, '6.3274', 7.1329],
  ['RAT-N8', 'XOOOOX', '2 1 2 4 6 8', -1.603, '3.4885', 4.2787],
  ['RAT-N8', 'OOXOOXO', '2 4 6 4 6 8 6', 0.38, '7.3046', 6.993],
  ['RAT-H8', 'OXOXOX', '4.31 4.56 4.31 4.56 4.31 4.56', -0.5, '2.8045', 2.7226],
  ['RAT-H8', 'OOXXOO', '4.31 4.56 4.74 4.56 4.31 4.56', 0.372, '4.3998', 4.2425],
  ['RAT-H8', 'XXOXXX', '4.31 4.08 3.84 4.08 3.84 3.61', 0.154, '0.4411', 0.4411],
  ['RAT-H8', 'XOOOOX', '4.31 4.08 4.31 4.56 4.74 4.93', -1.603, '3.7194', 4.1144],
  ['RAT-N9', 'OXOXOX', '4 6 4 6 4 6', -0.5, '4.6222', 4.8989],
  ['RAT-N9', 'XOXOXX', '4 2 4 2 4 2', -0.022, '1.9772', 1.9704],
  ['RAT-N9', 'XXXXOXOXO', '4 2 1 0.6 0.4 0.6 0.4 0.6 0.4', 0.453, '0.5067', 0.4726],
];

const MOUSE = ladderFromGrams(['0.0045', '0.023', '0.068', '0.158', '0.178', '1.202', '2.041', '5.495']);

describe('threshold of a run', () => {
  it.each(VECTORS)('%s %s at %s', (id, run, filaments, k, grams, exact) => {
    const ladder = preset(id);
    const threshold = deriveThreshold(ladder, touchesOf(run, filaments));
    expect(threshold).toMatchObject({ status: 'estimated', method: 'dixon-table', run, k, bound: null });
    expect(threshold.grams?.toFixed(4)).toBe(grams);
    const logs = filaments.split(' ').map((label) => logForce(filamentAt(ladder, indexOf(ladder, label))));
    expect(Math.abs(toGrams(exactLog(logs, run) ?? NaN) - exact)).toBeLessThan(0.0005);
  });

  it.each([
    ['OXOOXOX', '4', 2.3576],
    ['OOXOOXXX', '2', 2.7812],
  ])('scores %s, longer than the table, by the forces applied', (run, last, grams) => {
    const ladder = preset('RAT-N8');
    const threshold = deriveThreshold(ladder, filamentsFromLast(ladder, run, last));
    expect(threshold.method).toBe('mle-exact');
    expect(Math.abs((threshold.grams ?? NaN) - grams)).toBeLessThan(0.0005);
  });

  it('scores a run that skipped a filament by the forces applied', () => {
    const threshold = deriveThreshold(preset('RAT-N8'), touchesOf('OXOXOX', '2 6 2 6 2 6'));
    expect(threshold.method).toBe('mle-exact');
    expect(threshold.grams).toBeCloseTo(Math.sqrt(12), 9); // symmetric about the middle of 2 and 6
    expect(threshold.delta).toBeCloseTo(Math.log10(3), 12);
  });

  it('uses the step of the laboratory with the table', () => {
    const ladder = { ...preset('RAT-N8'), fixedDelta: '0.301' };
    const { delta, log10e4 } = deriveThreshold(ladder, touchesOf('OXXOXO', '4 6 4 2 4 2'));
    expect(delta).toBe(0.301);
    expect(log10e4).toBeCloseTo(Math.log10(20000) + 0.831 * 0.301, 12);
  });

  it('uses the constant-step likelihood in a cell that outgrows the table', () => {
    const ladder = ladderFromGrams(['1', '2', '4', '8', '16', '32', '64', '128', '256'], '1');
    const { k, method, log10e4 } = deriveThreshold(ladder, filamentsFromLast(ladder, 'OOOOOXXXXX', '2'));
    expect(method).toBe('mle-constant');
    expect(k).toBeCloseTo(1.5, 12);
    expect(log10e4).toBeCloseTo(Math.log10(20000) + 1.5 * Math.log10(2), 12);
  });

  it('leaves ambiguous touches out of the pattern', () => {
    const ladder = preset('RAT-N8');
    const clear = deriveThreshold(ladder, touchesOf('OXOXOX', '2 4 2 4 2 4'));
    expect(deriveThreshold(ladder, touchesOf('?O?XOX?OX', '2 2 4 4 2 4 2 2 4'))).toEqual(clear);
  });

  it('gives a bound for a run that never changed before the end of the ladder', () => {
    const below = deriveThreshold(preset('RAT-H8'), touchesOf('XXXX', '4.31 4.08 3.84 3.61'));
    expect(below).toMatchObject({ status: 'below-range', grams: null, k: null, method: null, run: 'XXXX' });
    expect(below.bound?.relation).toBe('<');
    expect(below.bound?.grams).toBeCloseTo(0.40738, 5);
    const above = deriveThreshold(preset('RAT-N8'), touchesOf('OOOOO', '2 4 6 8 15'));
    expect(above).toMatchObject({ status: 'above-range', grams: null, bound: { relation: '>', grams: 15 } });
  });

  it('keeps an estimate outside the ladder beside its bound', () => {
    const light = deriveThreshold(preset('RAT-N8'), touchesOf('XXXOXX', '2 1 0.6 0.4 0.6 0.4'));
    expect(light).toMatchObject({
      status: 'outside-ladder',
      k: -0.315,
      bound: { relation: '<', grams: 0.4 },
    });
    expect(light.grams).toBeCloseTo(0.4 * 10 ** (-0.315 * 0.224862), 5);
    const heavy = deriveThreshold(preset('RAT-N8'), touchesOf('OOOOXO', '2 4 6 8 15 8'));
    expect(heavy).toMatchObject({ status: 'estimated', k: 0.894, bound: null });
    const beyond = deriveThreshold(preset('RAT-N8'), touchesOf('OOOOXOO', '2 4 6 8 15 8 15'));
    expect(beyond).toMatchObject({ status: 'outside-ladder', k: 0.315, bound: { relation: '>', grams: 15 } });
  });

  it.each([
    ['incomplete', 'OO', '2 4'],
    ['incomplete', 'X', '2'],
    ['incomplete', 'XX?', '2 1 0.6'],
    ['unsupported', '', ''],
    ['unsupported', '??', '2 2'],
    ['unsupported', 'OXO', '4 4 4'],
  ])('calls %s the run “%s” at %s', (status, run, filaments) => {
    expect(deriveThreshold(preset('RAT-N8'), touchesOf(run, filaments))).toMatchObject({
      status,
      grams: null,
      bound: null,
    });
  });

  it('refuses a filament that is not in the ladder', () => {
    expect(() => deriveThreshold(preset('RAT-N8'), touchesOf('OX', '2 3'))).toThrow(LadderError);
    expect(() => deriveThreshold(preset('RAT-N8'), touchesOf('OX?', '2 4 3'))).toThrow(LadderError);
  });
});

describe('threshold of any touches', () => {
  it('is a finite number, or a bound, or says why it is neither', () => {
    fc.assert(
      fc.property(anyTouches, ([ladder, touches]) => {
        const { status, k, delta, log10e4, grams, bound, method } = deriveThreshold(ladder, touches);
        const estimated = status === 'estimated' || status === 'outside-ladder';
        for (const number of [k, delta, log10e4, grams]) expect(Number.isFinite(number)).toBe(estimated);
        expect(method !== null).toBe(estimated);
        expect(bound !== null).toBe(['below-range', 'above-range', 'outside-ladder'].includes(status));
      }),
      runs(2000),
    );
  });

  it('is the last log force plus k steps, and the same in grams', () => {
    fc.assert(
      fc.property(anyTouches, ([ladder, touches]) => {
        const { k, delta, log10e4, grams } = deriveThreshold(ladder, touches);
        const last = touches.findLast(({ response }) => response !== '?');
        if (k === null || delta === null || log10e4 === null || !last) return;
        const from = logForce(filamentAt(ladder, indexOf(ladder, last.filament)));
        expect(log10e4).toBeCloseTo(from + k * delta, 12);
        expect(grams).toBeCloseTo(10 ** log10e4 / 10_000, 12);
      }),
      runs(1000),
    );
  });

  it('rises when a whole run moves one filament up', () => {
    const up = (touches: Touch[], ladder: (typeof PRESETS)[number]) =>
      touches.map((touch) => ({
        ...touch,
        filament: filamentAt(ladder, indexOf(ladder, touch.filament) + 1).label,
      }));
    const atTop = (touches: Touch[], ladder: (typeof PRESETS)[number]) =>
      touches.some(({ filament }) => filament === ladder.filaments.at(-1)?.label);
    fc.assert(
      fc.property(ruledRun, ([ladder, touches]) => {
        const before = deriveThreshold(ladder, touches).log10e4;
        if (before === null || atTop(touches, ladder)) return;
        expect(deriveThreshold(ladder, up(touches, ladder)).log10e4).toBeGreaterThan(before);
      }),
      runs(1000),
    );
  });

  it('rises with the last filament for every run of the table', () => {
    const ladder = ladderFromGrams(Array.from({ length: 20 }, (_, i) => (1.5 ** i).toFixed(3)));
    for (const run of ['OXOXOX', 'XOOXOX', 'OOXXO', 'XXXXOXOXO']) {
      const grams = [9, 10, 11, 12].map(
        (i) =>
          deriveThreshold(ladder, filamentsFromLast(ladder, run, filamentAt(ladder, i).label)).grams ?? NaN,
      );
      expect(grams).toEqual([...grams].sort((a, b) => a - b));
      expect(new Set(grams).size).toBe(4);
    }
  });

  it('scores runs on a ladder of very uneven steps', () => {
    for (const run of ['XOOOX', 'OXOXOX', 'OOXXOOX', 'XXOXO']) {
      const { grams } = deriveThreshold(MOUSE, filamentsFromLast(MOUSE, run, '0.178'));
      expect(grams).toBeGreaterThan(0.0045);
      expect(grams).toBeLessThan(5.495);
    }
  });
});
