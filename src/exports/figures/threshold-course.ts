import type { HypersensitivityRule } from '../../study/protocol/rules.js';
import type { SeriesRun } from '../../study/projections/threshold-series.projection.js';
import { heaviest, lightest, logForce, toGrams, toLog, type Ladder } from '../../study/rules/ladder.js';
import { drawReadings, type Course } from './course.js';
import type { Drawing } from './drawing.js';

interface Thresholds extends Pick<Course, 'dayZero' | 'sessions' | 'baseline'> {
  readonly subject: string;
  readonly runs: readonly SeriesRun[];
  readonly ladder: Ladder;
  readonly hypersensitivity: HypersensitivityRule | undefined;
}

/** The 50 % threshold of one animal from test to test, on a log axis whose ticks are the filaments of its ladder. */
export function thresholdCourse(thresholds: Thresholds): Drawing {
  const { subject, ladder, runs, hypersensitivity, baseline, dayZero, sessions } = thresholds;
  const low = logForce(lightest(ladder)) - 0.16;
  const high = logForce(heaviest(ladder)) + 0.16;
  const limit = baseline === null ? undefined : hypersensitiveAt(baseline, hypersensitivity);
  return drawReadings({
    title: `Animal ${subject}: 50 % withdrawal threshold in grams, test by test`,
    axis: {
      unit: 'g (log)',
      low,
      high,
      ticks: ladder.filaments.map((filament) => ({
        value: logForce(filament),
        label: filament.handle === undefined ? filament.grams : `${filament.label}: ${filament.grams}`,
      })),
    },
    readings: runs.map(({ paw, bound, log10e4, supersededBy, ...run }) => ({
      ...run,
      curve: paw === 'ipsilateral' ? 'main' : 'other',
      value: bound ? (bound.relation === '>' ? high - 0.07 : low + 0.07) : log10e4,
      bound: bound?.relation ?? null,
      isSuperseded: supersededBy !== null,
    })),
    curves: { main: 'ipsilateral', other: 'contralateral' },
    boundsInWords: 'only a bound: above (tip up) or below the ladder',
    baseline,
    limit: limit && { value: limit.log, inWords: `at or below: ${limit.formula}` },
    dayZero,
    sessions,
  });
}

function hypersensitiveAt(
  baseline: number,
  rule: HypersensitivityRule | undefined,
): { log: number; formula: string } | undefined {
  if (!rule || rule.of !== undefined) return undefined;
  const { metric, limit } = rule;
  switch (metric) {
    case 'fall-log10e4':
      return { log: baseline - Number(limit), formula: `baseline − ${limit} log units` };
    case 'difference':
      return {
        log: toLog(Math.max(1e-9, toGrams(baseline) - Number(limit))),
        formula: `${limit} g below baseline`,
      };
    case 'percent':
    case 'fall-percent':
      return {
        log: baseline + Math.log10(Math.max(1e-9, 1 - Number(limit) / 100)),
        formula: `${limit} % below baseline`,
      };
    case 'absolute':
    case 'grams':
      return { log: toLog(Number(limit)), formula: `${limit} g` };
  }
}
