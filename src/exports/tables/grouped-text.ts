import { SIMULATED_NOTICE, type Snapshot } from '../snapshot.js';
import { csvRow, guardFormula } from '../../shared/csv.js';
import { groupedBy } from '../../study/grouped-by.js';
import type { CsvOptions } from './csv.js';
import type { Grouped } from './grouped.js';
import type { GroupedOptions } from './grouped-options.js';
import { plain } from './numbers.js';

/**
 * Two heading lines, group and animal, then one line for each time point. Nothing else, so that it can be pasted as it is.
 * Every group is as wide as the largest: Prism gives each group the same number of subcolumns.
 */
export function groupedText(
  grouped: Grouped,
  { simulated }: Snapshot,
  { separator, decimal }: CsvOptions,
): string {
  return inColumns(grouped, [simulated ? 'SIMULATED' : '', ''], separator, ({ value }) =>
    (plain(value) ?? '').replace('.', decimal),
  );
}

/**
 * The same columns and lines with the record numbers that each cell rests on. The corner says what the grouped tables do
 * not: study, tree size and root, which runs they hold, and which animals are excluded.
 */
export function groupedRecords(
  grouped: Grouped,
  { paw, assay, bounds, excluded }: GroupedOptions,
  { code, size, root, simulated }: Snapshot,
  { separator }: CsvOptions,
): string {
  const place = `study ${code} at tree size ${size}, root ${root}`;
  const ends =
    bounds === 'empty'
      ? 'bounds left empty'
      : `bounds as the ${assay === undefined ? 'end of the ladder' : 'cut-off'}`;
  const out = grouped.excluded;
  const said =
    out.length === 0
      ? 'no animal excluded'
      : `${out.length} excluded, ${excluded === 'out' ? 'left out' : 'taken in'}: ${out.join(' ')}`;
  const corner = [
    simulated ? `${SIMULATED_NOTICE} ${place}` : place,
    `record numbers, ${assay === undefined ? paw : `${assay} ${paw}`}, ${ends}, ${said}`,
  ] as const;
  return inColumns(grouped, corner, separator, ({ records }) => records.join(' '));
}

type Cell = NonNullable<ReturnType<Grouped['rows'][number]['cells']['get']>>;

function inColumns(
  { animals, rows, excluded }: Grouped,
  corner: readonly [string, string],
  separator: string,
  print: (cell: Cell) => string,
): string {
  const groups = [...groupedBy(animals, ({ group }) => group)];
  const widest = Math.max(0, ...groups.map(([, { length }]) => length));
  const columns = groups.flatMap(([group, members]) =>
    Array.from({ length: widest }, (_, index) => ({ group, id: members[index]?.id })),
  );
  const named = (id: string | undefined): string =>
    id === undefined ? '' : guardFormula(excluded.includes(id) ? `${id} (excluded)` : id);
  const lines = [
    [corner[0], ...columns.map(({ group }) => guardFormula(group))],
    [corner[1], ...columns.map(({ id }) => named(id))],
    ...rows.map(({ label, cells }) => [
      label,
      ...columns.map(({ id }) => {
        const cell = id === undefined ? undefined : cells.get(id);
        return cell ? print(cell) : '';
      }),
    ]),
  ];
  return lines.map((cells) => csvRow(cells, separator)).join('');
}
