import { counted } from '../../shared/counted.js';
import { readFileSync } from 'node:fs';
import { ImportError, inWords } from '../../imports/import-error.js';
import { importRows, type ImportResult, type RowResult } from '../../imports/import.js';
import { readMapping, type CheckedMapping } from '../../imports/mapping/read-mapping.js';
import { readSpreadsheet, type ReadFile } from '../../imports/reading/read-spreadsheet.js';
import { TIDY_MAPPING } from '../../imports/mapping/tidy-mapping.js';
import { decodeText } from '../../shared/decode-text.js';
import { Refusal } from '../../study/refusal.js';
import { PersonId, matches } from '../../study/schema.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { openForRecording, recordCommand, type RecordingLedger } from '../open-for-recording.js';
import { openForReading, type OpenLedger, type Place } from '../open-ledger.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import { Progress } from '../output/progress.js';
import { tellAlarm } from '../output/tell-alarm.js';
import { wrapped } from '../output/page.js';
import { table } from '../output/table.js';

export interface ImportOptions extends Place {
  readonly mapping: string;
  readonly study: string;
  readonly importer?: string;
  readonly dryRun?: boolean;
  readonly keepGoing?: boolean;
  readonly json?: boolean;
}

/** Imports a spreadsheet, or shows what would be recorded. Exit code 1 if a row was refused, or after an alarm. */
export async function importFile(
  path: string,
  options: ImportOptions,
  { print, warn, draw }: Io,
): Promise<number> {
  const { importer = DEVELOPMENT_IDENTITY.actor, dryRun = false, keepGoing = false } = options;
  if (!matches(PersonId, importer))
    throw Failure.usage('--importer takes an identifier of letters, digits, dots, underscores and hyphens.');
  // Both files are read before the ledger is opened, so that an error in them does not lock it.
  const [mapping, file] = await asFailures(async () => {
    const checked = readMapping(mappingText(options.mapping));
    return [checked, await readSpreadsheet(path, checked)] as const;
  });
  const ledger: OpenLedger & Partial<RecordingLedger> = dryRun
    ? await openForReading(options)
    : await openForRecording(options, { holder: `study-ledger import ${file.name}` });
  try {
    const decisions = await ledger.engine.dryRun(options.study);
    if (decisions instanceof Refusal) throw Failure.of(decisions);
    const bars = new Bars(draw);
    const request = {
      ...DEVELOPMENT_IDENTITY,
      file,
      mapping,
      study: options.study,
      importer,
      dryRun,
      keepGoing,
    };
    const result = await importRows(
      { ...request, progress: (...at) => bars.at(...at) },
      decisions,
      (command) => recordCommand(ledger.engine, command),
    );
    bars.end();
    if (result.receipt) await ledger.anchoring?.anchor();
    report(file, mapping, result, options, print);
    const alarmed = tellAlarm(ledger.engine, warn);
    return alarmed || result.rows.some(({ outcome }) => outcome === 'refused') ? 1 : 0;
  } finally {
    await ledger.close();
  }
}

async function asFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    const where = inWords(error.place);
    throw new Failure(where === '' ? error.message : `${where}: ${error.message}`, '', error.code);
  }
}

/** `tidy` names the built-in mapping of the tidy table. */
function mappingText(name: string): string {
  if (name === 'tidy') return JSON.stringify(TIDY_MAPPING);
  try {
    return decodeText(readFileSync(name));
  } catch {
    throw new ImportError('mapping-unreadable', `The mapping ${name} cannot be read. Check its path.`);
  }
}

/** One progress bar for each phase: decide, then record. */
class Bars {
  constructor(private readonly draw: Io['draw']) {}

  private bar: Progress | undefined;
  private phase = '';

  at(phase: string, done: number, total: number): void {
    if (phase !== this.phase) {
      this.end();
      this.bar = new Progress(this.draw, phase, total);
      this.phase = phase;
    }
    this.bar?.at(done);
  }

  end(): void {
    this.bar?.end();
  }
}

function report(
  file: ReadFile,
  mapping: CheckedMapping,
  result: ImportResult,
  options: ImportOptions,
  print: Io['print'],
): void {
  const { rows, blankRows, unread, notHeeded, notices, receipt } = result;
  const count = (outcome: RowResult['outcome']): number =>
    rows.filter((row) => row.outcome === outcome).length;
  const counts = {
    recorded: count('recorded'),
    wouldRecord: count('would-record'),
    known: count('known'),
    present: count('present'),
    refused: count('refused'),
    withheld: count('withheld'),
    notes: count('note'),
    blank: blankRows,
    flagged: rows.filter(isFlagged).length,
  };
  if (options.json) {
    for (const row of rows) print(JSON.stringify(row));
    const { treeSize, root } = receipt ?? {};
    const about = { file: file.name, sha256: file.sha256, mapping: mapping.sha256, study: options.study };
    print(
      JSON.stringify({
        summary: counts,
        ...about,
        unread,
        notHeeded,
        notices,
        ...(receipt && { treeSize, root }),
      }),
    );
    return;
  }
  for (const notice of notices) print(wrapped(notice));
  const shown = options.dryRun ? rows : rows.filter((row) => row.outcome === 'refused' || isFlagged(row));
  if (shown.length > 0) print(table(shown, columns(rows)));
  print(wrapped(`${file.name}, SHA-256 ${file.sha256}`));
  for (const name of unread) print(wrapped(`Nothing was read from the sheet “${name}”.`));
  print(wrapped(summarise(counts)));
  if (receipt) print(`tree size ${receipt.treeSize}, root ${receipt.root}`);
}

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

/** Flags that every import may have: how it was read, and that it is late. */
const EXPECTED_FLAGS: ReadonlySet<string> = new Set([
  'imported',
  'filaments-inferred',
  'time-assumed',
  'order-inferred',
  'late',
  // Said once, above the rows; “deviation” and “query” stand beside the code of each.
  'before-protocol',
  'deviation',
  'query',
]);

/** Flags that are not shown for each row. */
const HIDDEN_FLAGS: ReadonlySet<string> = new Set([
  'imported',
  'filaments-inferred',
  'order-inferred',
  'deviation',
  'query',
  'before-protocol',
]);

function isFlagged({ flags, outcome }: RowResult): boolean {
  return outcome !== 'known' && (flags ?? []).some((flag) => !EXPECTED_FLAGS.has(flag));
}

function outcomeOf({ outcome, number, flags = [], code, message = '', column }: RowResult): string {
  const unusual = flags.filter((flag) => !HIDDEN_FLAGS.has(flag));
  const flagged = unusual.length > 0 ? `; flags: ${unusual.join(', ')}` : '';
  switch (outcome) {
    case 'recorded':
      return `record ${number}${flagged}`;
    case 'would-record':
      return `would be record ${number}${flagged}`;
    case 'known':
      return `already record ${number}`;
    case 'present':
      return 'already enrolled';
    case 'withheld':
      return `not recorded${flagged}`;
    case 'note':
      return `a note, not imported: ${message}`;
    case 'refused':
      return `refused (${code})${column === undefined ? '' : ` in “${column}”`}: ${message}`;
  }
}

function summarise(counts: Record<string, number>): string {
  const { recorded = 0, wouldRecord = 0, known = 0, present = 0, refused = 0, withheld = 0 } = counts;
  const parts = [
    wouldRecord > 0 && `${wouldRecord} would be recorded`,
    recorded > 0 && `${recorded} recorded`,
    (counts['flagged'] ?? 0) > 0 && `${counts['flagged']} of them flagged as irregular`,
    known > 0 && `${known} imported before`,
    present > 0 && `${present} already enrolled`,
    (counts['notes'] ?? 0) > 0 && `${counts['notes']} with only a note`,
    (counts['blank'] ?? 0) > 0 && `${counts['blank']} blank`,
    refused > 0 && `${refused} refused`,
  ].filter((part) => part !== false);
  const sentence = `${parts.join(', ') || 'No rows'}.`;
  if (withheld === 0) return sentence;
  const rest = `${counted(withheld, 'other row')} can be recorded and ${withheld === 1 ? 'was' : 'were'} not`;
  return recorded > 0
    ? `${sentence} ${rest}: repeat the import to complete it.`
    : `${sentence} Nothing was recorded; ${rest}. Correct the refused rows, or record the others with --keep-going.`;
}
