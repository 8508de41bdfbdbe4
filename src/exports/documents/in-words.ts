import { formatQuantity, type Quantity } from '../../study/units.js';

/** The data of a record on one line: members in their order, quantities with their units, without flags. */
export function dataInWords(value: unknown): string {
  if (isQuantity(value)) return formatQuantity(value);
  if (isReference(value)) return `#${value.number}`;
  if (Array.isArray(value)) return value.map(itemInWords).join(value.every(isCounted) ? ' ' : '; ');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  if (typeof value !== 'object' || value === null) return '–';
  return Object.entries(value)
    .filter(([name]) => name !== 'flags')
    .map(([name, inner]) => `${nameInWords(name)}: ${nested(inner)}`)
    .join(' · ');
}

function nested(value: unknown): string {
  const text = dataInWords(value);
  return typeof value === 'object' && !Array.isArray(value) && !isQuantity(value) && !isReference(value)
    ? `(${text})`
    : text;
}

/** A touch of a filament: `2.0X`; one that was struck through: `touch 3 2.0X (mistyped)`. */
function itemInWords(item: unknown): string {
  if (!isTouch(item)) return nested(item);
  const { filament, response, place, why } = item;
  return why === undefined ? `${filament}${response}` : `touch ${place} ${filament}${response} (${why})`;
}

/** A touch that counts. */
function isCounted(value: unknown): boolean {
  return isTouch(value) && value.why === undefined;
}

interface TouchTold {
  readonly filament: string;
  readonly response: string;
  readonly place?: number;
  readonly why?: string;
}

function isTouch(value: unknown): value is TouchTold {
  return typeof value === 'object' && value !== null && 'filament' in value && 'response' in value;
}

/** A reference to a record by number and leaf hash; the hash is left to the record itself. */
function isReference(value: unknown): value is { number: number; leaf: string } {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { number, leaf } = value as { number?: unknown; leaf?: unknown };
  return typeof number === 'number' && typeof leaf === 'string';
}

function isQuantity(value: unknown): value is Quantity {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { value: digits, unit } = value as Partial<Quantity>;
  return typeof digits === 'string' && typeof unit === 'string';
}

function nameInWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
