import { LedgerError, type LedgerErrorCode } from './error.js';

/** Nesting allowed in a leaf: the outermost object or array counts as 1. */
export const MAX_DEPTH = 16;

/** Strings that JSON writes as they are: no quote, backslash, control character or surrogate. */
const PLAIN = /^[ !#-[\]-~\u00a0-\ud7ff\ue000-\uffff]*$/;

/** Control characters other than TAB and LF, and surrogates without a partner. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Surrogate}]/u;

/** ASCII without the controls that strings may not hold either. */
const ASCII = /^[\t\n -~]*$/;

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

/** Whether a member may be named like this. */
export function isName(name: string): boolean {
  if (labels.has(name)) return true;
  if (!ASCII.test(name) || ARRAY_INDEX.test(name)) return false;
  label(name);
  return true;
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
