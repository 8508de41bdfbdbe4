import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { matches } from '../../src/study/schema.js';

/** Arbitrary values that fit a schema of the shared vocabulary, and values that fit nothing. */

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Choice {
  /** Which members that may be left out are there. */
  readonly optional: 'all' | 'some' | 'none';
}

export function anyValueOf(schema: TSchema, choice: Choice = { optional: 'some' }): fc.Arbitrary<unknown> {
  const shape = schema as Shape;
  if (shape.enum) return fc.constantFrom(...shape.enum);
  if (shape.const !== undefined) return fc.constant(shape.const);
  if (shape.anyOf) return fc.oneof(...shape.anyOf.map((one) => anyValueOf(one, choice)));
  switch (shape.type) {
    case 'object':
      return anyObjectOf(shape, choice);
    case 'array':
      return anyArrayOf(shape, choice);
    case 'integer':
      return fc.integer({ min: shape.minimum ?? 0, max: Math.min(shape.maximum ?? 1000, 2 ** 31 - 1) });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return anyTextOf(shape, schema);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

function anyObjectOf({ properties = {}, required = [] }: Shape, choice: Choice): fc.Arbitrary<unknown> {
  const names = Object.keys(properties).filter(
    (name) => choice.optional !== 'none' || required.includes(name),
  );
  const members = names.map((name) => [name, anyValueOf(properties[name] as TSchema, choice)] as const);
  const requiredKeys = choice.optional === 'all' ? names : required.filter((name) => names.includes(name));
  return fc.record(Object.fromEntries(members), { requiredKeys: [...requiredKeys], noNullPrototype: true });
}

function anyArrayOf(
  { items, minItems = 0, maxItems = 5, uniqueItems }: Shape,
  choice: Choice,
): fc.Arbitrary<unknown> {
  const item = anyValueOf(items as TSchema, choice);
  const lengths = { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) };
  return uniqueItems ? fc.uniqueArray(item, lengths) : fc.array(item, lengths);
}

function anyTextOf({ pattern, format }: Shape, schema: TSchema): fc.Arbitrary<unknown> {
  if (format === 'instant') return anyInstant;
  if (format === 'calendar-date') return anyInstant.map((instant) => instant.slice(0, 10));
  const text =
    pattern === undefined || pattern.includes('\\S')
      ? fc.oneof(
          fc.constantFrom('Größe', 'a b', '½ mL', '日本', '🐀'),
          fc.string({ minLength: 1, maxLength: 12 }),
        )
      : pattern.includes('?!') || pattern.includes('(\\.')
        ? anyDecimal
        : fc.stringMatching(new RegExp(pattern, 'u'));
  return text.filter((value) => matches(schema, value) && value.normalize('NFC') === value);
}

/** What is possible in every unit: nothing weighs 20 kg or is kept at 60 °C. */
const anyDecimal = fc
  .tuple(fc.integer({ min: 1, max: 19 }), fc.option(fc.integer({ min: 0, max: 999 })))
  .map(([whole, fraction]) => (fraction === null ? String(whole) : `${whole}.${fraction}`));

/** Within March 2026, on whole minutes and in a few offsets, so that equal and reversed times are common. */
export const anyInstant = fc
  .tuple(fc.integer({ min: 2, max: 28 }), fc.integer({ min: 8, max: 17 }), fc.constantFrom('00', '30'))
  .chain(([day, hour, minute]) => {
    const two = (n: number): string => String(n).padStart(2, '0');
    const clock = `2026-03-${two(day)}T${two(hour)}:${minute}:00`;
    return fc.constantFrom(`${clock}Z`, `${clock}.250Z`, `${clock}+01:00`, `${clock}-05:00`);
  });

/** What a client should never send: wrong types, ends of ranges, odd texts, odd names, great depth and length. */
const small: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -0,
    -1,
    1.5,
    NaN,
    Infinity,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\n',
    '\u0000',
    'a\u0007b',
    'a\u009fb',
    '\ud800',
    'x\udc00y',
    '\u202e',
    'e\u0301',
    '2026-02-30T00:00:00Z',
    '2026-03-02T10:00:60Z',
    '2026-03-02T10:00:00-00:00',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
    [null],
    { value: '1', unit: 'furlong' },
    { value: 1, unit: 'g' },
    { value: 'NaN', unit: 'g' },
    { number: -0 },
    { number: 3, leaf: 'A'.repeat(44) },
  ),
  fc
    .constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '{"a":{"__proto__":null}}')
    .map((text) => JSON.parse(text) as unknown),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.maxSafeInteger(),
);

const large: readonly unknown[] = [
  'x'.repeat(1e5),
  `${' '.repeat(1e5)}\n`,
  JSON.parse('['.repeat(1e4) + ']'.repeat(1e4)),
  JSON.parse('{"a":'.repeat(1e4) + '1' + '}'.repeat(1e4)),
  Array.from({ length: 2e4 }, () => ({ filament: '2', response: 'O' })),
  Array<unknown>(2e4).fill(1),
];

export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 20, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(...large) },
);
