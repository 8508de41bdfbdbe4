import { mismatch } from '../../study/mismatch.js';
import { matches } from '../../study/schema.js';
import { Problem } from '../platform/problems.js';
import { PARAMETERS, type ParameterName, type ParameterValues } from './parameters.js';

/** A whole number without sign or leading zero, of at most 16 digits. */
export const NATURAL = /^(0|[1-9][0-9]{0,15})$/;

/**
 * Reads the query of an address. A misspelt parameter would change an answer unnoticed, so one that is not in `known`,
 * or comes twice, is refused. A plus stays a plus: no value holds a space, and instants hold an offset.
 * @throws Problem.
 */
export function parseQuery<N extends ParameterName>(url: string, known: readonly N[]): ParameterValues<N> {
  const values: Record<string, string | number> = {};
  const start = url.indexOf('?');
  if (start < 0) return values as ParameterValues<N>;
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!isOneOf(name, known)) throw unknownParameter(name, known);
    if (Object.hasOwn(values, name)) throw new Problem('parameter-repeated', `Give ${name} once.`, name);
    values[name] = parseValue(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return values as ParameterValues<N>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('parameter-invalid', 'The query is not percent-encoded UTF-8: encode it again.');
  }
}

function isOneOf<N extends string>(name: string, known: readonly N[]): name is N {
  return (known as readonly string[]).includes(name);
}

function unknownParameter(name: string, known: readonly string[]): Problem {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const taken = known.length === 0 ? 'none' : known.join(', ');
  return new Problem(
    'parameter-unknown',
    `There is no parameter “${shown}” here; this address takes ${taken}.`,
    shown,
  );
}

function parseValue(name: ParameterName, text: string): string | number {
  const { schema } = PARAMETERS[name];
  const isNumber = 'type' in schema && schema.type === 'integer' && NATURAL.test(text);
  const value = isNumber ? Number(text) : text;
  if (matches(schema, value)) return value;
  const code = name === 'touches' ? 'touches-invalid' : 'parameter-invalid';
  throw new Problem(code, `${name} ${mismatch(schema, value)?.message ?? 'is not valid'}.`, name);
}
