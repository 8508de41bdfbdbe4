/** Whether a text is what `canonical` writes. */
import { canonical, isName, MAX_DEPTH, ProfileError } from './canonical.js';

/** Escapes, and the control characters that JSON takes without one. Half a surrogate pair needs no escape either. */
const ESCAPE_OR_CONTROL = /[\\\u007f-\u009f\ud800-\udfff]/;

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
