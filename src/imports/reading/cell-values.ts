import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import type { Mapping } from '../mapping/mapping.js';

import type { Found } from './sheet-view.js';

/** Texts of cells as values of commands. Nothing is guessed: what cannot be read one way only is refused. */

export function plainText({ text, kind, column }: Found): string {
  if (kind !== 'date') return text;
  throw new ImportError(
    'cell-is-date',
    'The spreadsheet took what was typed here for a date: look up what it was, and type it as text.',
    { column },
  );
}

const POINT: Notation = { decimal: '.' };

/** How a file writes numbers that are text. */
export type Notation = Partial<Pick<Mapping, 'decimal' | 'thousands'>>;

/** A decimal number as the ledger writes it, its digits kept. */
export function decimal(found: Found, notation: Notation): string {
  const text = plainText(found);
  // A number cell of XLSX has a decimal point, and so has what the mapping itself writes.
  const { decimal: mark, thousands } = found.kind === 'number' || found.isAssumed ? POINT : notation;
  const digits = thousands === undefined ? text : withoutGroups(text, thousands);
  const [, sign = '', whole = '', fraction] =
    (mark === ',' ? /^(-?)(\d*)(?:,(\d+))?$/ : /^(-?)(\d*)(?:\.(\d+))?$/).exec(digits) ?? [];
  if (whole === '' && fraction === undefined)
    throw new ImportError('number-invalid', `“${printable(text)}” is no number. ${numberHint(text)}`, {
      column: found.column,
    });
  return `${sign}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Groups of three digits with the mark between them, as in 1,234,567; any other text stays as it is. */
function withoutGroups(text: string, mark: string): string {
  const [, whole = '', rest = ''] = /^(-?\d{1,3}(?:[^\d]\d{3})+)(\D\d+)?$/.exec(text) ?? [];
  const parts = whole.split(mark);
  return parts.length > 1 && parts.every((part) => /^-?\d+$/.test(part)) ? parts.join('') + rest : text;
}

function numberHint(text: string): string {
  const [, whole = '', mark = '', rest = ''] = /^-?(\d{1,3})([.,])(\d{3})$/.exec(text) ?? [];
  if (mark !== '')
    return `Say in the mapping which it is: ${whole}${rest} with "thousands": "${mark}", or ${whole}.${rest} with "decimal": "${mark}".`;
  if (/^-?\d+,\d+$/.test(text)) return 'A decimal comma needs "decimal": "," in the mapping.';
  if (/^-?\d+\.\d+$/.test(text)) return 'The mapping says "decimal": ",", and this has a decimal point.';
  if (/^-?\d{1,3}([.,' ]\d{3})+([.,]\d+)?$/.test(text))
    return 'Groups of thousands need "thousands" in the mapping.';
  return 'Write digits alone, and the unit in the header.';
}

export function integer(found: Found, notation: Notation): number {
  const text = decimal(found, notation).replace(/\.0+$/, '');
  const number = Number(text);
  if (Number.isSafeInteger(number) && !text.includes('.')) return number;
  throw new ImportError('number-invalid', `“${printable(found.text)}” is not a whole number.`, {
    column: found.column,
  });
}

const YES: ReadonlySet<string> = new Set(['true', 'yes', 'y', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'n', '0']);

export function yesOrNo(found: Found): boolean {
  const text = plainText(found).toLowerCase();
  if (YES.has(text)) return true;
  if (NO.has(text)) return false;
  throw new ImportError(
    'cell-unexpected',
    `“${printable(text)}” is neither yes nor no: say in “lookup” what it means.`,
    { column: found.column },
  );
}

/** The same value with its decimal point moved; no digit is lost, and none is made up but for zeros. */
export function shifted(digits: string, places: number): string {
  if (places === 0) return digits;
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(digits) ?? [];
  const all = whole + fraction;
  const point = whole.length + places;
  const left = point > 0 ? all.slice(0, point).padEnd(point, '0') : '0';
  const right = point > 0 ? all.slice(point) : '0'.repeat(-point) + all;
  return `${sign}${left.replace(/^0+(?=\d)/, '')}${right === '' ? '' : `.${right}`}`;
}

/** How far the decimal point moves from one unit to another; both prefixes of the same. */
export function placesBetween(from: string, to: string): number {
  const [a, b] = [POWERS.get(from), POWERS.get(to)];
  if (a === undefined || b === undefined || a.of !== b.of)
    throw new ImportError(
      'mapping-unit',
      `“${printable(from)}” and “${printable(to)}” are not multiples of each other.`,
    );
  return a.power - b.power;
}

/** Units that spreadsheets mix up, by what they are multiples of. */
const POWERS: ReadonlyMap<string, { of: string; power: number }> = new Map(
  Object.entries({
    g: { kg: 3, g: 0, mg: -3, ug: -6 },
    'g/kg': { 'mg/kg': -3, 'ug/kg': -6 },
    L: { mL: -3, uL: -6 },
    A: { mA: -3, uA: -6 },
    Hz: { kHz: 3, Hz: 0 },
    s: { ms: -3, us: -6 },
    Ohm: { kOhm: 3, Ohm: 0 },
    m: { cm: -2, mm: -3 },
  }).flatMap(([of, units]) => Object.entries(units).map(([unit, power]) => [unit, { of, power }] as const)),
);
