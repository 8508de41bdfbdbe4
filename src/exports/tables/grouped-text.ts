import { SIMULATED_NOTICE, type Snapshot } from '../snapshot.js';
import { csvRow, guardFormula } from '../../shared/csv.js';
import type { CsvOptions } from './csv.js';
import type { Grouped, GroupedOptions } from './grouped.js';
import { plain } from './numbers.js';

/** Two heading lines, group and animal, then one line for each time point. The corner names study, tree size and root. */
export function groupedText(
  { animals, excluded, rows }: Grouped,
  { values, paw, bounds }: GroupedOptions,
  snapshot: Snapshot,
  { separator, decimal }: CsvOptions,
): string {
  const what = { grams: 'g', 'percent-of-baseline': '% of baseline', 'percent-mpe': '% MPE' }[values];
  const ends = bounds === 'empty' ? 'bounds left empty' : 'bounds as the end of the ladder';
  const out = excluded.length === 0 ? '' : `, ${excluded.length} excluded: ${excluded.join(' ')}`;
  const lines = [
    [placeOf(snapshot), ...animals.map(({ group }) => guardFormula(group))],
    [`${what}, ${paw}, ${ends}${out}`, ...animals.map(({ id }) => guardFormula(id))],
    ...rows.map(({ label, cells }) => [
      label,
      ...animals.map(({ id }) => (plain(cells.get(id)?.value) ?? '').replace('.', decimal)),
    ]),
  ];
  return lines.map((cells) => csvRow(cells, separator)).join('');
}

/** The same table with the record numbers that each cell rests on. */
export function groupedRecords(
  { animals, rows }: Grouped,
  snapshot: Snapshot,
  { separator }: CsvOptions,
): string {
  const lines = [
    [placeOf(snapshot), ...animals.map(({ group }) => guardFormula(group))],
    ['record numbers', ...animals.map(({ id }) => guardFormula(id))],
    ...rows.map(({ label, cells }) => [
      label,
      ...animals.map(({ id }) => cells.get(id)?.records.join(' ') ?? ''),
    ]),
  ];
  return lines.map((cells) => csvRow(cells, separator)).join('');
}

function placeOf({ code, size, root, simulated }: Snapshot): string {
  const place = `study ${code} at tree size ${size}, root ${root}`;
  return simulated ? `${SIMULATED_NOTICE} ${place}` : place;
}
