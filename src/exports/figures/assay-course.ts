import type { AssaySeries } from '../../study/projections/measurement-series.projection.js';
import { siteOf, type Side } from '../../study/rules/site.js';
import { drawReadings, type Course } from './course.js';
import type { Drawing } from './drawing.js';
import { roundTicks } from './value-axis.js';

interface Measured extends Pick<Course, 'dayZero' | 'sessions' | 'baseline'> {
  readonly subject: string;
  readonly series: AssaySeries;
  readonly injured: Side | undefined;
}

/** The results of one assay on one animal from test to test, on an axis of its own unit. */
export function assayCourse({ subject, series, injured, ...shared }: Measured): Drawing {
  const { title, unit, increase, measurements } = series;
  const sites = [...new Set(measurements.map(({ site }) => site))].sort();
  const main = siteOf({ sites }, undefined, injured) ?? sites[0]!;
  const others = sites.filter((site) => site !== main);
  const shown = (value: number | null): number[] => (value === null ? [] : [value]);
  const values = [
    ...measurements.flatMap(({ value, bound }) => shown(value ?? bound?.value ?? null)),
    ...shown(shared.baseline),
  ];
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const margin = (most - least || 1) * 0.06;
  return drawReadings({
    ...shared,
    title: `Animal ${subject}: ${title}${unit === '1' ? '' : ` in ${unit}`}, test by test; an increase is ${increase}`,
    axis: {
      unit: unit === '1' ? '' : unit,
      low: least,
      high: most + margin,
      ticks: roundTicks(least, most || 1, 'linear'),
    },
    readings: measurements.map(({ site, value, bound, supersededBy, ...rest }) => ({
      ...rest,
      curve: site === main ? 'main' : 'other',
      value: value ?? bound?.value ?? null,
      bound: bound?.relation ?? null,
      isSuperseded: supersededBy !== null,
    })),
    curves: {
      main: inWords(main),
      other: others.length === 0 ? undefined : others.length === 1 ? inWords(others[0]!) : 'other sites',
    },
    boundsInWords: 'stopped at the cut-off: at least this',
    limit: undefined,
  });
}

function inWords(site: string): string {
  return site.replaceAll('-', ' ').slice(0, 18);
}
