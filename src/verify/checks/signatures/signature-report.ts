import { escapeControls } from '../printable.js';
import type { SignatureCheck } from './fail.js';
import { coveredText } from './statement.js';

/**
 * A signature as it is shown. `valid`: the person’s key made it over these records, and they hold; `superseded`: one of them was
 * corrected or withdrawn later, or, of a signed review, one that it covers, by record `by`; `unchecked`: a part of what was signed is withheld.
 */
export interface SignatureReport {
  readonly log: string;
  readonly record: number;
  readonly status: 'valid' | 'superseded' | 'unchecked' | 'failed';
  readonly by?: number;
  readonly failed?: readonly SignatureCheck[];
  readonly over: readonly { readonly from: number; readonly to: number }[];
  /** Types of the single records that were signed. */
  readonly what: string;
  readonly meaning?: string;
  readonly printedName?: string;
  readonly person?: string;
  readonly role?: string;
  readonly time?: string;
}

/** What no signature shows. */
export const SIGNATURES_UNKNOWABLE =
  'Of signatures, nothing here shows whether the person read what was on the screen, whether the name that the lab registered is theirs, or ' +
  'whether the screen showed what was signed.';

/** So many are listed, each with so many of its records; `--json` has all. */
const LISTED = 100;
const NAMED = 3;

/** One line a signature, below each other in columns. */
export function signatureLines(signatures: readonly SignatureReport[]): string[] {
  if (signatures.length === 0) return [];
  const rows = [
    ['study', 'record', 'meaning', 'name', 'person', 'role', 'time', 'what', 'status'],
    ...signatures.slice(0, LISTED).map(rowOf),
  ].map((row) => row.map(escapeControls));
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd());
  const more = signatures.length - LISTED;
  return [
    '',
    `Signatures: ${countText(signatures)}`,
    ...lines,
    ...(more > 0 ? [`  … and ${more} more: --json lists all`] : []),
  ];
}

/** “73 (71 valid, 2 superseded)”. */
function countText(signatures: readonly SignatureReport[]): string {
  const counts = (['failed', 'valid', 'superseded', 'unchecked'] as const).flatMap((status) => {
    const count = signatures.filter((one) => one.status === status).length;
    return count === 0 ? [] : `${count} ${status === 'unchecked' ? 'not checked' : status}`;
  });
  return `${signatures.length} (${counts.join(', ')})`;
}

function rowOf(one: SignatureReport): string[] {
  const { log, record, meaning = '', printedName = '', person = '', role = '', time = '', what } = one;
  const more = one.over.length - NAMED;
  const named = `${coveredText(one.over.slice(0, NAMED))}${more > 0 ? ` and ${more} more` : ''}`;
  const over = `${named}${what === '' ? '' : ` (${what})`}`;
  return [
    log.slice('study-'.length),
    `${record}`,
    meaning,
    printedName,
    person,
    role,
    time,
    over,
    statusText(one),
  ];
}

function statusText({ status, by, failed }: SignatureReport): string {
  if (status === 'superseded') return `superseded by record ${by}`;
  if (status === 'unchecked') return 'not checked: what was signed is withheld';
  return status === 'failed' ? `FAIL: ${failed!.join(', ')}` : 'valid';
}
