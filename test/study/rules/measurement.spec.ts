import fc from 'fast-check';
import type { Assay } from '../../../src/study/protocol/measurements.js';
import {
  assayOf,
  parseTrials,
  resultOf,
  trialKind,
  trialsText,
  type Trial,
} from '../../../src/study/rules/measurement.js';
import { matches } from '../../../src/study/schema.js';
import { EVENTS } from '../../../src/study/events/events.js';
import { anyValueOf } from '../any-value.js';
import { runs } from '../../support/effort.js';
import { fact, protocols } from './facts.js';

type Aggregate = Assay['trials']['aggregate'];

function assay(unit: Assay['unit'], kind: Assay['trials']['kind'], aggregate: Aggregate): Assay {
  return {
    id: 'a',
    title: 'A',
    unit,
    increase: 'relief',
    trials: { kind, aggregate },
    sites: ['tail'],
  };
}

const values = (...read: string[]): Trial[] =>
  read.map((text) => (text.endsWith('>') ? { value: text.slice(0, -1), censored: true } : { value: text }));

describe('the result of an assay', () => {
  it.each<[Aggregate, number]>([
    ['mean', 12],
    ['median', 10],
    ['min', 8],
    ['max', 18],
    ['sum', 36],
    ['last', 10],
  ])('is the %s of its trials', (aggregate, result) => {
    const read = values('8', '18', '10.0');
    expect(resultOf(assay('s', 'value', aggregate), read, undefined)).toEqual({
      lower: result,
      upper: result,
    });
  });

  it('is a lower bound where a trial that counts was stopped', () => {
    const read = values('8', '20>', '12');
    const of = (aggregate: Aggregate) => resultOf(assay('s', 'value', aggregate), read, undefined);
    expect(of('mean')).toEqual({ lower: 40 / 3, upper: Infinity });
    expect(of('median')).toEqual({ lower: 12, upper: 12 });
    expect(of('min')).toEqual({ lower: 8, upper: 8 });
    expect(of('max')).toEqual({ lower: 20, upper: Infinity });
  });

  it('is the middle of the two in the middle where the number of trials is even', () => {
    const median = resultOf(assay('s', 'value', 'median'), values('1', '4', '2', '3'), undefined);
    expect(median).toEqual({ lower: 2.5, upper: 2.5 });
  });

  it('is the share or the ratio of the injured side', () => {
    const pair: Trial[] = [{ left: '30', right: '60' }];
    const share = assay('%', 'pair', 'mean');
    expect(resultOf(share, pair, 'left')?.lower).toBeCloseTo(100 / 3);
    expect(resultOf(share, pair, 'right')?.lower).toBeCloseTo(200 / 3);
    expect(resultOf(assay('1', 'pair', 'mean'), pair, 'left')).toEqual({ lower: 0.5, upper: 0.5 });
    expect(resultOf(share, pair, undefined)).toBeNull();
    expect(resultOf(share, [{ left: '0', right: '0' }], 'left')).toBeNull();
  });

  it('is the share or the number of the responses', () => {
    const trials: Trial[] = [
      { filament: '0.6', n: 2, of: 5 },
      { filament: '0.6', n: 3, of: 5 },
    ];
    expect(resultOf(assay('%', 'responses', 'mean'), trials, undefined)?.lower).toBe(50);
    expect(resultOf(assay('1', 'responses', 'sum'), trials, undefined)?.lower).toBe(5);
    expect(resultOf(assay('%', 'responses', 'mean'), [{ filament: '1', n: 0, of: 0 }], undefined)).toBeNull();
  });

  it('lies between the least and the greatest trial, for every aggregate but the sum', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(numbers, fc.constantFrom('mean', 'median', 'min', 'max', 'last'), (read, aggregate) => {
        const result = resultOf(assay('g', 'value', aggregate), values(...read.map(String)), undefined);
        expect(result?.lower).toBeGreaterThanOrEqual(Math.min(...read) - 1e-9);
        expect(result?.upper).toBeLessThanOrEqual(Math.max(...read) + 1e-9);
      }),
      runs(200),
    );
  });

  it('is read by the assay of the protocol that the record pins', () => {
    const wide = assay('s', 'value', 'mean');
    const measured = fact('MeasurementRecorded', '2026-03-05', { assay: 'a', site: 'tail', trials: [] });
    expect(assayOf(measured, protocols({ assays: [wide] }))).toEqual(wide);
    expect(assayOf(measured, protocols())).toBeUndefined();
  });
});

describe('trials as text', () => {
  const { trials } = EVENTS.MeasurementRecorded.properties;

  it('are read back as they were', () => {
    fc.assert(
      fc.property(anyValueOf(trials), (drawn) => {
        // A text has no time of a trial, and does not say that a trial was not stopped.
        const shown = (drawn as Trial[]).map((trial) => {
          if (!('value' in trial)) return trial;
          return { value: trial.value, ...(trial.censored && { censored: true }) };
        });
        expect(parseTrials(trialsText(drawn as Trial[]))).toEqual(shown);
      }),
      runs(300),
    );
  });

  it('are one kind each, and never read from what is none', () => {
    expect((parseTrials('12.4 20.0> 0.6:2/5 52|40') ?? []).map(trialKind)).toEqual([
      'value',
      'value',
      'responses',
      'pair',
    ]);
    for (const text of ['', 'abc', '1,5', '2/5', '1|2|3', '0.6:2', '>20'])
      expect(parseTrials(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseTrials(text);
        if (read) expect(read.length).toBeGreaterThan(0);
      }),
      runs(300),
    );
    expect(matches(trials, parseTrials('12.4 20.0>'))).toBe(true);
  });
});
