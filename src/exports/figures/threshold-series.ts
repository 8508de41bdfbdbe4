import type { View } from '../../study/projections/projection.js';
import { force } from '../../study/rules/ladder.js';
import { GROUPED, groupedTable, type GroupedOptions } from '../tables/grouped.js';
import type { Series } from './series.js';

/** The 50 % thresholds of one paw, at the time points of the grouped table; undefined where there is none. */
export function thresholdsOf(view: View, paw: GroupedOptions['paw']): Series | undefined {
  const { animals, rows, excluded } = groupedTable(view, { ...GROUPED, paw, bounds: 'limit' });
  if (animals.length === 0) return undefined;
  const ladder = view.protocols.versions.at(-1)?.protocol.ladder;
  return {
    id: `threshold-${paw}`,
    title: `50 % withdrawal threshold, ${paw} paw`,
    unit: 'g',
    direction: 'relief',
    scale: 'log',
    ...(ladder && {
      ticks: ladder.filaments.map((filament) => ({ value: force(filament), label: filament.grams })),
    }),
    times: rows.map(({ label, part }) => ({ label, part })),
    animals: animals.map(({ id, group }) => ({
      id,
      group,
      points: rows.map(({ cells }) => {
        const cell = cells.get(id);
        if (!cell || cell.value === null || cell.bound === '<>') return undefined;
        return { value: cell.value, bound: cell.bound };
      }),
    })),
    excluded,
  };
}
