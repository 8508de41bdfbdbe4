import fc from 'fast-check';
import { LadderError } from '../../../src/study/rules/ladder.js';
import type { Touch } from '../../../src/study/rules/threshold.js';
import { filamentsFromLast, nextFilament, runFlags } from '../../../src/study/rules/up-down.js';
import { anyTouches, follow, preset, ruledRun, touchesOf } from './runs.js';
import { runs } from '../../support/effort.js';

const N8 = preset('RAT-N8');
const next = (run: string, filaments: string) => nextFilament(N8, touchesOf(run, filaments));
const flags = (run: string, filaments: string) => runFlags(N8, touchesOf(run, filaments));

describe('next filament', () => {
  it.each([
    ['', '', '2', 'start'],
    ['O', '2', '4', 'heavier'],
    ['X', '2', '1', 'lighter'],
    ['O?', '2 4', '4', 'repeat-ambiguous'],
    ['O?X', '2 4 4', '2', 'lighter'],
    ['?', '2', '2', 'repeat-ambiguous'],
    ['OXOXO', '2 4 2 4 2', '4', 'heavier'],
  ])('after “%s” at %s is %s: %s', (run, filaments, label, reason) => {
    expect(next(run, filaments)).toMatchObject({ complete: false, next: label, reason });
  });

  it.each([
    ['OXOXOX', '2 4 2 4 2 4', 'six-critical-responses'],
    ['OOOOXOXOX', '2 4 6 8 15 8 15 8 15', 'six-critical-responses'],
    ['XXXX', '2 1 0.6 0.4', 'end-of-ladder'],
    ['OOOOO', '2 4 6 8 15', 'end-of-ladder'],
    ['XXOXXX', '2 1 0.6 1 0.6 0.4', 'end-of-ladder'],
    ['XOOOOO', '2 1 2 4 6 8', 'six-critical-responses'],
  ])('is none after %s at %s: %s', (run, filaments, reason) => {
    expect(next(run, filaments)).toMatchObject({ complete: true, next: null, reason });
  });

  it('takes four touches to the floor and five to the ceiling from the start, nine at the most', () => {
    expect(follow(N8, Array<'X'>(20).fill('X'))).toHaveLength(4);
    expect(follow(N8, Array<'O'>(20).fill('O'))).toHaveLength(5);
    expect(follow(N8, Array.from('OOOOXOXOXOXOX') as Touch['response'][])).toHaveLength(9);
  });

  it('carries the estimate so far', () => {
    expect(next('OX', '2 4').threshold).toMatchObject({ status: 'estimated', k: -0.5 });
    expect(next('O', '2').threshold.status).toBe('incomplete');
  });

  it('leaves a completed run complete, whatever was applied after it', () => {
    expect(next('XXXXO', '2 1 0.6 0.4 0.4')).toMatchObject({ complete: true, next: null });
  });

  it('goes with the flags: a run by the rule has none but ambiguity and the ladder’s end, and starts at the start', () => {
    fc.assert(
      fc.property(ruledRun, ([ladder, touches]) => {
        const had = (response: string): boolean => touches.some((touch) => touch.response === response);
        const cut = nextFilament(ladder, touches).reason === 'end-of-ladder' && had('O') && had('X');
        expect(runFlags(ladder, touches)).toEqual([
          ...(had('?') ? ['ambiguous'] : []),
          ...(cut ? ['end-of-ladder'] : []),
        ]);
        expect(touches[0]?.filament).toBe(ladder.start);
        expect(['estimated', 'outside-ladder', 'below-range', 'above-range']).toContain(
          nextFilament(ladder, touches).threshold.status,
        );
        expect(runFlags(ladder, touches.slice(0, -1))).toContain('stopped-early');
      }),
      runs(1000),
    );
  });

  it('says complete exactly where the flags do not say stopped early', () => {
    fc.assert(
      fc.property(anyTouches, ([ladder, touches]) => {
        const { complete, next: label } = nextFilament(ladder, touches);
        expect(runFlags(ladder, touches).includes('stopped-early')).toBe(!complete);
        expect(label === null).toBe(complete);
      }),
      runs(1000),
    );
  });
});

describe('flags of a run', () => {
  it.each([
    ['OXOXOX', '2 4 2 4 2 4', ''],
    ['OOXXOO', '2 4 6 4 2 4', 'stopped-early'],
    ['XXOXXX', '2 1 0.6 1 0.6 0.4', 'end-of-ladder'],
    ['OXOXOXO', '2 4 2 4 2 4 2', 'stopped-late'],
    ['XXXXX', '2 1 0.6 0.4 0.4', 'repeated-filament stopped-late'],
    ['OXOXOX', '4 6 4 6 4 6', 'wrong-start'],
    ['OXOXOX', '2 6 2 6 2 6', 'skipped-step'],
    ['OXXXOO', '2 4 6 4 2 4', 'wrong-direction'],
    ['OOXOXOX', '2 2 4 2 4 2 4', 'repeated-filament'],
    ['O?XOXOX', '2 4 4 2 4 2 4', 'ambiguous'],
    ['O?XOXOX', '2 4 2 1 2 1 2', 'ambiguous wrong-direction'],
    ['OX', '2 0.6', 'skipped-step stopped-early wrong-direction'],
  ])('of %s at %s: %s', (run, filaments, expected) => {
    expect(flags(run, filaments).join(' ')).toBe(expected);
  });

  it('are sorted, and each stands once', () => {
    fc.assert(
      fc.property(anyTouches, ([ladder, touches]) => {
        const found = runFlags(ladder, touches);
        expect(found).toEqual([...new Set(found)].sort());
      }),
      runs(100),
    );
  });
});

describe('filaments from the last one', () => {
  it('walks the run back by the rule', () => {
    const labels = filamentsFromLast(N8, 'OOXOOXXX', '2').map(({ filament }) => filament);
    expect(labels.join(' ')).toBe('1 2 4 2 4 6 4 2');
  });

  it('finds again what was applied', () => {
    fc.assert(
      fc.property(ruledRun, ([ladder, touches]) => {
        const clear = touches.filter(({ response }) => response !== '?');
        const run = clear.map(({ response }) => response).join('');
        expect(filamentsFromLast(ladder, run, clear.at(-1)?.filament ?? '')).toEqual(clear);
      }),
      runs(100),
    );
  });

  it.each([
    ['OOXOO', '0.4', 'run-leaves-ladder'],
    ['XXXXXX', '8', 'run-leaves-ladder'],
    ['OXO', '3', 'filament-not-in-ladder'],
    ['', '4', 'run-invalid'],
    ['oxo', '4', 'run-invalid'],
  ])('refuses “%s” ending at %s: %s', (run, last, code) => {
    const act = () => filamentsFromLast(N8, run, last);
    expect(act).toThrow(LadderError);
    expect(act).toThrow(expect.objectContaining({ code }) as Error);
  });
});
