import { LedgerError, type LedgerErrorCode } from './error.js';

/** Nesting allowed in a leaf: the outermost object or array counts as 1. */
const MAX_DEPTH = 16;

/** Strings that JSON writes as they are: no quote, backslash, control character or surrogate. */
const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff\ue000-\uffff]*$/;

/** Control characters other than TAB and LF, and surrogates without a partner. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Surrogate}]/u;

/** ASCII without the controls that strings may not hold either. */
const ASCII = /^[\t\n -~]*$/;

/** Escapes, and the control characters that JSON takes without one. Half a surrogate pair needs no escape either. */
const ESCAPE_OR_CONTROL = /[\\\u007f-\u009f\ud800-\udfff]/;

/** JavaScript moves such members to the front of an object, so that parse and stringify lose their order. */
const ARRAY_INDEX = /^(0|[1-9][0-9]*)$/;

/** A value outside the leaf profile, or a text that is not canonical. */
export class ProfileError extends LedgerError {
  override readonly name = 'ProfileError';

  constructor(
    code: LedgerErrorCode,
    readonly reason: string,
    /** Where, as a JSON Pointer (RFC 6901); the empty string is the whole value. */
    readonly path = '',
  ) {
    super(code, `${path === '' ? 'the value' : path} ${reason}`);
  }
}

/**
 * The RFC 8785 text of a value of the leaf profile, checked and written in one pass.
 *
 * The profile is the part of JSON on which every implementation agrees: plain objects and arrays to a depth of
 * 16, strings of scalar values without control characters (TAB and LF may stand), integers up to 2^53−1 without
 * −0, booleans; member names are ASCII and never look like an array index. There is no null: what is absent is
 * left out. Only enumerable string-named members are looked at.
 *
 * About as fast as JSON.stringify when members come in order; they are sorted otherwise.
 *
 * @throws ProfileError `profile-type`, `profile-name`, `profile-number`, `profile-string` or `profile-depth`.
 */
export function canonical(value: unknown): string {
  return write('', value, 0);
}

/**
 * Parses a text and insists that it is, to the letter, what `canonical` writes for what it says: no white space,
 * no duplicate members, no other spelling of a number or a character.
 *
 * @param isPlain for who knows that there is no backslash, control character or half a surrogate pair in the text.
 * @throws ProfileError as `canonical` does, `json-syntax` or `json-not-canonical`.
 */
export function checkCanonical(text: string, isPlain = !ESCAPE_OR_CONTROL.test(text)): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProfileError('json-syntax', 'is not JSON');
  }
  if (isPlain && plainLength(value, 0) === text.length) return value;
  if (canonical(value) !== text) throw new ProfileError('json-not-canonical', 'is not in RFC 8785 form');
  return value;
}

/**
 * The length of the canonical text of a value that was parsed from a text without escapes; NaN where the value is not
 * of the profile, or where the length would prove nothing.
 *
 * A text without escapes that parses to this value can only be longer than the canonical one, by white space or by
 * members that a later one of the same name replaced; or shorter, by an exponent, which is no longer only where a
 * number ends in two zeros. So, such numbers apart, the same length is the same text. It spares writing that text.
 */
function plainLength(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value % 100 !== 0 ? String(value).length : smallLength(value);
  if (typeof value === 'boolean') return value ? 4 : 5;
  if (value === null || depth === MAX_DEPTH) return NaN;
  // One for each comma but the last, which is as long as what closes; and one for what opens.
  let length = 1;
  if (Array.isArray(value)) {
    for (const item of value) length += plainLength(item, depth + 1) + 1;
    return value.length === 0 ? 2 : length;
  }
  let last: string | undefined;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  for (const name of names) {
    if ((last !== undefined && name < last) || !isName(name)) return NaN;
    length += name.length + 3 + plainLength(members[name], depth + 1) + 1;
    last = name;
  }
  return names.length === 0 ? 2 : length;
}

/** Zero is as short as it can be, and −0 is not of the profile. */
function smallLength(value: number): number {
  return Object.is(value, 0) ? 1 : NaN;
}

function isName(name: string): boolean {
  if (labels.has(name)) return true;
  if (!ASCII.test(name) || ARRAY_INDEX.test(name)) return false;
  label(name);
  return true;
}

/** Returns `out` followed by the text of `value`: one growing string is cheaper than joining many. */
function write(out: string, value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return PLAIN.test(value) ? out + '"' + value + '"' : out + quote(value);
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return out + value;
      throw new ProfileError(
        'profile-number',
        'must be an integer within ±(2^53−1); write it as a decimal string',
      );
    case 'boolean':
      return out + value;
    case 'object':
      if (value === null) break;
      if (depth === MAX_DEPTH) throw new ProfileError('profile-depth', `is nested deeper than ${MAX_DEPTH}`);
      if (Array.isArray(value)) return writeArray(out, value, depth);
      if (isPlain(value)) return writeObject(out, value, depth);
      break;
    default:
  }
  throw new ProfileError('profile-type', 'is not a JSON value of the leaf profile; leave out what is absent');
}

function writeArray(out: string, items: readonly unknown[], depth: number): string {
  if (items.length === 0) return out + '[]';
  let separator = '[';
  let index = 0;
  try {
    for (; index < items.length; index++) {
      out = write(out + separator, items[index], depth + 1);
      separator = ',';
    }
  } catch (error) {
    throw within(String(index), error);
  }
  return out + ']';
}

function writeObject(out: string, object: Record<string, unknown>, depth: number): string {
  let separator = '{';
  let name = '';
  try {
    for (name of sorted(Object.keys(object))) {
      out = write(out + separator + label(name), object[name], depth + 1);
      separator = ',';
    }
  } catch (error) {
    throw within(name, error);
  }
  return separator === '{' ? out + '{}' : out + '}';
}

/** Objects of another realm count as plain too: their prototype is the end of its chain. */
function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** RFC 8785 sorts by UTF-16 code units, as the default order of JavaScript does. */
function sorted(names: string[]): string[] {
  let last = '';
  for (const name of names) {
    if (name < last) return names.sort();
    last = name;
  }
  return names;
}

/** Member names repeat from record to record; those that passed are kept, to a bound that no schema reaches. */
const labels = new Map<string, string>();
const MAX_LABELS = 2048;

function label(name: string): string {
  const known = labels.get(name);
  if (known !== undefined) return known;
  if (!ASCII.test(name))
    throw new ProfileError('profile-name', 'has a name beyond ASCII or with a control character');
  if (ARRAY_INDEX.test(name)) throw new ProfileError('profile-name', 'has a name like an array index');
  const text = JSON.stringify(name) + ':';
  if (labels.size < MAX_LABELS) labels.set(name, text);
  return text;
}

/** Well-formed JSON.stringify escapes exactly what RFC 8785 escapes. */
function quote(text: string): string {
  if (!FORBIDDEN.test(text)) return JSON.stringify(text);
  throw new ProfileError('profile-string', 'holds a control character or half a surrogate pair');
}

function within(member: string, error: unknown): unknown {
  if (!(error instanceof ProfileError)) return error;
  const token = member.replaceAll('~', '~0').replaceAll('/', '~1');
  return new ProfileError(error.code, error.reason, `/${token}${error.path}`);
}
