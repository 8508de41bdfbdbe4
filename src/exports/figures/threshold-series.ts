import type { View } from '../../study/projections/projection.js';
import { force } from '../../study/rules/ladder.js';
import { groupedTable } from '../tables/grouped.js';
import { GROUPED, type GroupedOptions } from '../tables/grouped-options.js';
import type { Series } from './series.js';

/** The 50 % thresholds of one paw, at the time points of the grouped table; undefined where there is none. */
export function thresholdsOf(view: View, paw: GroupedOptions['paw']): Series | undefined {
  const ladder = view.protocols.versions.at(-1)?.protocol.ladder;
  return seriesOf(
    view,
    { paw },
    {
      id: `threshold-${paw}`,
      title: `50 % withdrawal threshold, ${paw} paw`,
      unit: 'g',
      direction: 'relief',
      scale: 'log',
      ...(ladder && {
        ticks: ladder.filaments.map((filament) => ({ value: force(filament), label: filament.grams })),
      }),
    },
  );
}

/** Each assay of the protocol in its own unit, at its only site or on either side of the injury, where it was measured. */
export function assaysOf(view: View): Series[] {
  const assays = view.protocols.versions.at(-1)?.protocol.assays ?? [];
  return assays.flatMap(({ id, title, unit, increase, sites }) =>
    (sites.length === 1 ? (['ipsilateral'] as const) : (['ipsilateral', 'contralateral'] as const)).flatMap(
      (paw) => {
        const side = sites.length === 1 ? '' : `, ${paw}`;
        const series = seriesOf(
          view,
          { paw, assay: id },
          {
            id: sites.length === 1 ? id : `${id}-${paw}`,
            title: `${title}${side}`,
            unit,
            direction: increase,
            scale: 'linear',
          },
        );
        return series ? [series] : [];
      },
    ),
  );
}

function seriesOf(
  view: View,
  chosen: Pick<GroupedOptions, 'paw' | 'assay'>,
  named: Omit<Series, 'times' | 'animals' | 'excluded'>,
): Series | undefined {
  const { animals, rows, excluded } = groupedTable(view, { ...GROUPED, ...chosen, bounds: 'limit' });
  if (animals.length === 0) return undefined;
  return {
    ...named,
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
