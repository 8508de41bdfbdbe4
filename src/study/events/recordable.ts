/** The path of a value that no record can hold, and the reason (RFC 8785 within the ledger's profile). */
export class Unrecordable {
  constructor(
    readonly path: string,
    readonly why: keyof typeof REASONS,
  ) {}

  /** Completes a sentence that begins with the path. */
  get reason(): string {
    return REASONS[this.why];
  }
}

const REASONS = {
  character: 'holds a control character, a mark of writing direction or half a character: type it again',
  number: 'is no whole number: write a measured value as text, such as "0.5"',
  null: 'is null: leave out what is absent',
  name: 'has a name that no record can hold',
  depth: 'is nested too deeply',
} as const;

/** Of objects and lists inside each other. */
export const MAX_DEPTH = 12;

const PLAIN = /^[\n\x20-\x7e]*$/;

/**
 * Control characters other than TAB and LF, surrogates without a partner, and the marks that change the direction of writing:
 * they can make a text look like another one (Unicode TR 36).
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u;

/** Printable ASCII, and not like an array index, which JavaScript would move to the front. */
const NAME = /^(?!(0|[1-9][0-9]*)$)[\x20-\x7e]*$/;

export function isRecordableName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The value as a record holds it: members in the order of their names, so that a record just written equals the record
 * read back; text in NFC with LF line ends; 0 for −0. Parts that have this form already are not copied.
 */
export function makeRecordable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return normaliseText(value);
  if (typeof value === 'boolean' || value === undefined) return value;
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? value + 0 : new Unrecordable('', 'number');
  if (typeof value !== 'object' || value === null) return new Unrecordable('', 'null');
  if (depth > MAX_DEPTH) return new Unrecordable('', 'depth');
  return Array.isArray(value)
    ? normaliseItems(value, depth)
    : normaliseMembers(value as Record<string, unknown>, depth);
}

function normaliseText(value: string): string | Unrecordable {
  if (PLAIN.test(value)) return value;
  const normal = value.replaceAll('\r\n', '\n').normalize('NFC');
  return FORBIDDEN.test(normal) ? new Unrecordable('', 'character') : normal;
}

function normaliseItems(value: readonly unknown[], depth: number): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const after = makeRecordable(value[index], depth + 1);
    if (after instanceof Unrecordable) return new Unrecordable(`[${index}]${after.path}`, after.why);
    if (!Object.is(after, value[index])) (copy ??= [...value])[index] = after;
  }
  return copy ?? value;
}

function normaliseMembers(value: Record<string, unknown>, depth: number): unknown {
  const names = Object.keys(value);
  let changed: unknown[] | undefined = isAscending(names) ? undefined : [];
  if (changed) names.sort();
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const after = makeRecordable(value[name], depth + 1);
    if (after instanceof Unrecordable) return new Unrecordable(`.${name}${after.path}`, after.why);
    if (!isRecordableName(name)) return new Unrecordable('', 'name');
    if (!changed && !Object.is(after, value[name])) changed = names.slice(0, index).map((one) => value[one]);
    changed?.push(after);
  }
  return changed ? buildObject(names, changed) : value;
}

function buildObject(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  names.forEach((name, index) => {
    const value = values[index];
    // `__proto__` has to stay a member, so that it is refused as an unknown field.
    if (name === '__proto__') Object.defineProperty(copy, name, { value, enumerable: true });
    else copy[name] = value;
  });
  return copy;
}

function isAscending(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] as string) > (names[index] as string)) return false;
  }
  return true;
}
