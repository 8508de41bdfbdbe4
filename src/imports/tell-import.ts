import type { RowResult } from './decide-rows.js';
import type { Flagged } from './flagged-rows.js';
import type { ImportResult } from './import.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import type { NotHeeded } from './not-heeded.js';
import type { ReadFile } from './reading/read-book.js';

/** What became of a file, beside its rows: the same on the command line and over HTTP. */
export interface ImportTold {
  readonly summary: ReturnType<typeof countsOf>;
  readonly file: string;
  readonly sha256: string;
  /** SHA-256 of the mapping. */
  readonly mapping: string;
  readonly study: string;
  readonly flagged: readonly Flagged[];
  readonly unread: readonly string[];
  readonly notHeeded: readonly NotHeeded[];
  readonly notices: readonly string[];
  /** Humane endpoints that were reached by these rows, by a weight or a score, and on which nothing is decided. */
  readonly endpoints: ImportResult['endpoints'];
  /** After the last row that was recorded. */
  readonly treeSize?: number;
  readonly root?: string;
}

export function tellImport(
  file: Pick<ReadFile, 'name' | 'sha256'>,
  mapping: Pick<CheckedMapping, 'sha256'>,
  study: string,
  result: ImportResult,
): ImportTold {
  const { unread, notHeeded, notices, endpoints, receipt } = result;
  return {
    summary: countsOf(result),
    file: file.name,
    sha256: file.sha256,
    mapping: mapping.sha256,
    study,
    flagged: result.flagged.filter(({ code }) => !EXPECTED_FLAGS.has(code)),
    unread,
    notHeeded,
    notices,
    endpoints,
    ...(receipt && { treeSize: receipt.treeSize, root: receipt.root }),
  };
}

function countsOf({ rows, blankRows }: ImportResult) {
  const count = (outcome: RowResult['outcome']): number =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    recorded: count('recorded'),
    wouldRecord: count('would-record'),
    known: count('known'),
    present: count('present'),
    skipped: count('skipped'),
    leftOut: count('left-out'),
    refused: count('refused'),
    withheld: count('withheld'),
    notes: count('note'),
    blank: blankRows,
    flagged: rows.filter(isUnusual).length,
  };
}

const FIT: ReadonlySet<string> = new Set(['recorded', 'would-record', 'withheld']);

/** Kinds of flags, which stand beside the codes. */
const KINDS: readonly string[] = ['deviation', 'query'];

/** Flags of how a sheet was read. */
const OF_READING: readonly string[] = ['imported', 'filaments-inferred', 'order-inferred'];

/** Flags that every import may have: how it was read, and that it is late. `before-protocol` is said once, above the rows. */
const EXPECTED_FLAGS: ReadonlySet<string> = new Set([
  ...OF_READING,
  ...KINDS,
  'time-assumed',
  'late',
  'before-protocol',
]);

/** Flags that are not shown for each row. */
const HIDDEN_FLAGS: ReadonlySet<string> = new Set([...OF_READING, ...KINDS, 'before-protocol']);

/** Whether a row that is recorded, or fit to be, is irregular. */
export function isUnusual({ flags = [], outcome }: RowResult): boolean {
  return FIT.has(outcome) && irregularFlags(flags).length > 0;
}

/** The flags that not every import may have. */
export function irregularFlags(flags: readonly string[]): string[] {
  return flags.filter((flag) => !EXPECTED_FLAGS.has(flag));
}

/** What is worth a word about a row, of all its flags. */
export function unusualFlags(flags: readonly string[]): string[] {
  return flags.filter((flag) => !HIDDEN_FLAGS.has(flag));
}
