import type { RowResult } from '../../imports/decide-rows.js';
import type { Flagged } from '../../imports/flagged-rows.js';
import type { ImportResult } from '../../imports/import.js';
import type { CheckedMapping } from '../../imports/mapping/read-mapping.js';
import { isUnusual, tellImport, unusualFlags, type ImportTold } from '../../imports/tell-import.js';
import type { ReadFile } from '../../imports/reading/read-book.js';
import { counted } from '../../shared/counted.js';
import { groupedBy } from '../../study/grouped-by.js';
import type { Io } from '../subcommand.js';
import { besideRecord, describeVerdicts, endpointReached } from './findings.js';
import { wrapped } from './page.js';
import { table } from './table.js';

interface Asked {
  readonly study: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Prints what became of the rows of a file: what is refused, flagged or left out row by row, then a summary. */
export function reportImport(
  file: ReadFile,
  mapping: CheckedMapping,
  result: ImportResult,
  { study, dryRun = false, json = false }: Asked,
  print: Io['print'],
): void {
  const { rows, receipt } = result;
  const told = tellImport(file, mapping, study, result);
  const { flagged, notices, unread } = told;
  if (json) {
    for (const row of rows) print(JSON.stringify(row));
    print(JSON.stringify(told));
    return;
  }
  for (const notice of notices) print(wrapped(notice));
  const shown = dryRun ? rows : rows.filter((row) => LISTED.has(row.outcome) || isUnusual(row));
  if (shown.length > 0) print(table(shown, columns(rows)));
  for (const line of describeFlagged(flagged)) print(wrapped(line));
  print(wrapped(`${file.name}, SHA-256 ${file.sha256}`));
  for (const name of unread) print(wrapped(`Nothing was read from the sheet “${name}”.`));
  print(wrapped(summarise(told.summary)));
  for (const alert of told.endpoints) print(wrapped(endpointReached(alert, dryRun)));
  if (receipt) print(`tree size ${receipt.treeSize}, root ${receipt.root}`);
}

/** Outcomes that are listed row by row, also after the rows are recorded. */
const LISTED: ReadonlySet<string> = new Set(['refused', 'skipped', 'left-out']);

function columns(rows: readonly RowResult[]) {
  const withSheets = rows.some(({ sheet }) => sheet !== undefined);
  return [
    ...(withSheets ? [{ head: 'sheet', cell: ({ sheet = '' }: RowResult) => sheet, flexible: true }] : []),
    { head: 'row', cell: ({ row }: RowResult) => String(row ?? ''), align: 'right' as const },
    { head: 'animal', cell: ({ subject = '' }: RowResult) => subject, flexible: true },
    { head: 'command', cell: ({ command = '' }: RowResult) => command },
    { head: 'outcome', cell: outcomeOf, flexible: true },
  ];
}

function outcomeOf(row: RowResult): string {
  const { outcome, number, otherRecord, flags = [], code, message = '', column } = row;
  const unusual = unusualFlags(flags);
  const flagged = unusual.length > 0 ? `; flags: ${unusual.join(', ')}${besideRecord(otherRecord)}` : '';
  switch (outcome) {
    case 'recorded':
      return `record ${number}${flagged}`;
    case 'would-record':
      return [`would be record ${number}${flagged}`, ...describeVerdicts(row)].join('; ');
    case 'known':
      return `already record ${number}`;
    case 'present':
      return 'already enrolled';
    case 'skipped':
      return `left out: the same as record ${otherRecord}`;
    case 'left-out':
      return `left out by the mapping: ${message}`;
    case 'withheld':
      return `not recorded${flagged}`;
    case 'note':
      return `a note, not imported: ${message}`;
    case 'refused':
      return `refused (${code})${column === undefined ? '' : ` in “${column}”`}: ${message}`;
  }
}

/** “3 rows flagged implausible: 4, 7, 9”, and below it the rows of each code. */
function* describeFlagged(flagged: readonly Flagged[]): Generator<string> {
  for (const kind of ['query', 'implausible', 'deviation'] as const) {
    const ofKind = flagged.filter((one) => one.kind === kind);
    if (ofKind.length === 0) continue;
    yield flaggedAs(kind, ofKind);
    for (const [code, places] of groupedBy(ofKind, (one) => one.code)) yield `  ${code}: ${rowsOf(places)}`;
  }
  const forms = flagged.filter(({ kind }) => kind === 'form');
  for (const [code, places] of groupedBy(forms, (one) => one.code)) yield flaggedAs(code, places);
}

function flaggedAs(flag: string, places: readonly Flagged[]): string {
  const count = [...rowsBySheet(places).values()].reduce((sum, rows) => sum + rows.size, 0);
  return `${counted(count, 'row')} flagged ${flag}: ${rowsOf(places)}`;
}

/** Row numbers, those of each sheet after its name. */
function rowsOf(places: readonly Flagged[]): string {
  return [...rowsBySheet(places)]
    .map(
      ([sheet, rows]) =>
        `${sheet === undefined ? '' : `${sheet} `}${[...rows].sort((a, b) => a - b).join(', ')}`,
    )
    .join('; ');
}

function rowsBySheet(places: readonly Flagged[]): Map<string | undefined, Set<number>> {
  const bySheet = new Map<string | undefined, Set<number>>();
  for (const { sheet, rows } of places) {
    const there = bySheet.get(sheet) ?? new Set();
    for (const row of rows) there.add(row);
    bySheet.set(sheet, there);
  }
  return bySheet;
}

function summarise(counts: ImportTold['summary']): string {
  const { recorded, wouldRecord, known, present, skipped, leftOut, refused, withheld } = counts;
  const { flagged, notes, blank } = counts;
  const parts = [
    wouldRecord > 0 && `${wouldRecord} would be recorded`,
    recorded > 0 && `${recorded} recorded`,
    flagged > 0 && `${flagged} of them flagged as irregular`,
    skipped > 0 && `${skipped} left out, whose records are there`,
    leftOut > 0 && `${leftOut} left out by the mapping`,
    known > 0 && `${known} imported before`,
    present > 0 && `${present} already enrolled`,
    notes > 0 && `${notes} with only a note`,
    blank > 0 && `${blank} blank`,
    refused > 0 && `${refused} refused`,
  ].filter((part) => part !== false);
  const sentence = `${parts.join(', ') || 'No rows'}.`;
  if (withheld === 0) return sentence;
  const rest = `${counted(withheld, 'other row')} can be recorded and ${withheld === 1 ? 'was' : 'were'} not`;
  return recorded > 0
    ? `${sentence} ${rest}: repeat the import to complete it.`
    : `${sentence} Nothing was recorded; ${rest}. Correct the refused rows, or record the others with --keep-going.`;
}
