import { csvRow, guardFormula } from '../../shared/csv.js';
import { plain } from '../tables/numbers.js';
import { groupsIn } from './group-means.js';
import type { Series } from './series.js';

/** The numbers of a figure of groups, a line a group and time. Where `bound` is set, the mean is only a bound. */
export function meansCsv(series: Series): string {
  const { unit, times } = series;
  const name = unit === '%' ? 'percent' : unit;
  const heads = ['group', 'time', 'n', `mean_${name}`, 'bound', `low_${name}`, `high_${name}`];
  const lines = groupsIn(series).flatMap(({ name: group, means }) =>
    means.flatMap((mean, time) => {
      if (!mean) return [];
      const { n, value, bound, interval } = mean;
      const numbers = [value, interval?.low, interval?.high].map((one) => plain(one) ?? '');
      const texts = [group, times[time]!.label].map(guardFormula);
      return [[...texts, String(n), numbers[0]!, bound ?? '', numbers[1]!, numbers[2]!]];
    }),
  );
  return [heads, ...lines].map((cells) => csvRow(cells)).join('');
}
