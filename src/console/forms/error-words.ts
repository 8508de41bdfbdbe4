import type { FieldError } from '../../study/refusal.js';
import { inWords, labelOf } from './labels.js';

/**
 * What is wrong with a field, said of its label instead of its path, which no form shows. Of what is missing, what it means:
 * how it is written is said where it is written otherwise. A sentence that names no path stays as it is.
 */
export function errorInWords(
  { field, detail }: Pick<FieldError, 'field' | 'detail'>,
  label = fieldInWords(field),
): string {
  if (field === '' || !detail.startsWith(`${field} `)) return detail;
  const said = detail.slice(field.length + 1);
  const missing = MISSING.exec(said);
  if (!missing) return `${label} ${said}`;
  const meaning = missing[1] ?? '';
  return isSame(meaning, label) ? `${label} is missing.` : `${label} is missing: ${meaning}.`;
}

/** As `describeMissing` writes it: what it means, and then how it must be written. */
const MISSING = /^is missing(?:: (?!must be )(.*?))?(?:(?:; |: )must be .*)?\.?$/s;

/** `data.weight.unit` → “Weight”; `data.touches[3].filament` → “Touches 4: filament”. */
export function fieldInWords(path: string): string {
  const row = /^(.*)\[(\d+)\](?:\.([^[]+))?$/.exec(path);
  if (!row) return labelOf(withoutPart(path));
  const [, list = '', index, member] = row;
  const place = `${labelOf(list)} ${Number(index) + 1}`;
  return member === undefined ? place : `${place}: ${labelOf(withoutPart(member)).toLowerCase()}`;
}

/** A quantity is one field on a form. */
function withoutPart(path: string): string {
  return path.replace(/(?<=[^.])\.(value|unit)$/, '');
}

function isSame(meaning: string, label: string): boolean {
  const bare = (text: string): string =>
    inWords(text)
      .replaceAll(/^The |[^\p{L}\p{N}]/gu, '')
      .toLowerCase();
  return meaning === '' || bare(meaning) === bare(label);
}
