import type { ErrorObject } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { compileOnce, isPlainObject, printable, shownValue, withoutMeaning } from './schema.js';

export interface Mismatch {
  /** Path inside the value, as `trials[3].filament`; empty for the value itself. */
  readonly path: string;
  /** What it must be: completes a sentence that begins with the path. It never repeats the value. */
  readonly message: string;
  /** What was given, fit to be shown, such as `is “lb”` or `lists 101`; absent where the message says it all. */
  readonly given?: string;
  /** Of a member that is not there, or that no schema knows. */
  readonly code?: 'field-missing' | 'field-unknown';
}

/** Completes a sentence that begins with the path: what was given, and what it must be. */
export function explainMismatch({ given, message }: Mismatch): string {
  return given === undefined ? message : `${given}: ${message}`;
}

/** The first thing that is wrong with a value, in words; undefined where it fits the schema. */
export function mismatch(schema: TSchema, value: unknown): Mismatch | undefined {
  const validate = compileOnce(schema);
  if (validate(value)) return undefined;
  const error = pickTellingError(validate.errors ?? []);
  if (!error) return { path: '', message: 'is not valid' };
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
  const given = describeGiven(error);
  return { path, message: inWords(error), ...(given !== undefined && { given }) };
}

/**
 * Everything that is wrong with a value, part by part in the order of its schema, each member that is missing or unknown
 * under its own path. At most so many, since a value may be hostile.
 */
export function mismatches(schema: TSchema, value: unknown, most: number): Mismatch[] {
  const found: Mismatch[] = [];
  collect(schema, value, '');
  return found;

  function collect(part: TSchema, inner: unknown, path: string): void {
    if (found.length >= most) return;
    const first = mismatch(part, inner);
    if (!first) return;
    const { properties, items } = part as { properties?: Record<string, TSchema>; items?: TSchema };
    const claimed = claimedShape(part, inner);
    if (claimed) collect(claimed, inner, path);
    else if (properties && isPlainObject(inner)) {
      found.push(...membersAmiss(part, inner, path).slice(0, most - found.length));
      for (const [name, member] of Object.entries(properties))
        if (inner[name] !== undefined) collect(member, inner[name], join(path, name));
    } else if (items && Array.isArray(inner) && first.path !== '') {
      inner.forEach((item, index) => collect(items, item, `${path}[${index}]`));
    } else {
      found.push({ ...first, path: join(path, first.path) });
    }
  }
}

/**
 * Of several shapes of objects the one whose kind the value names, else the one that knows most of its members; undefined
 * where none knows any.
 */
function claimedShape(schema: TSchema, value: unknown): TSchema | undefined {
  const { anyOf } = schema as { anyOf?: readonly ObjectShape[] };
  if (!anyOf || !isPlainObject(value)) return undefined;
  const kind = kindOf(anyOf);
  const named = kind && anyOf.find(({ properties }) => properties![kind]!.const === value[kind]);
  if (named) return named;
  const known = ({ properties = {} }: ObjectShape): number =>
    Object.keys(value).filter((name) => Object.hasOwn(properties, name)).length;
  const [best] = [...ofAnyKind(schema, anyOf, kind)].sort((a, b) => known(b) - known(a));
  return best && known(best) > 0 ? best : undefined;
}

type ObjectShape = TSchema & {
  readonly properties?: Readonly<Record<string, { const?: unknown; enum?: unknown }>>;
};

/** The member that says which shape is meant: each has one constant for it. */
function kindOf(shapes: readonly ObjectShape[]): string | undefined {
  return Object.keys(shapes[0]?.properties ?? {}).find((name) =>
    shapes.every(({ properties = {} }) => 'const' in (properties[name] ?? {})),
  );
}

const widened = new WeakMap<TSchema, readonly ObjectShape[]>();

/** The shapes of a union, in which every kind fits. */
function ofAnyKind(
  union: TSchema,
  anyOf: readonly ObjectShape[],
  kind: string | undefined,
): readonly ObjectShape[] {
  if (kind === undefined) return anyOf;
  const before = widened.get(union);
  if (before) return before;
  const anyKind = { enum: anyOf.map(({ properties }) => properties![kind]!.const) };
  const shapes = anyOf.map((shape) => ({ ...shape, properties: { ...shape.properties, [kind]: anyKind } }));
  widened.set(union, shapes);
  return shapes;
}

function join(path: string, inner: string): string {
  return `${path}${path === '' || inner === '' || inner.startsWith('[') ? '' : '.'}${inner}`;
}

/** Whether a path is another one, or lies in it. */
export function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer) && ['', '.', '['].includes(path.charAt(outer.length));
}

/** Members that an object lacks, and those that it should not have. */
function membersAmiss(schema: TSchema, value: Record<string, unknown>, path: string): Mismatch[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, TSchema>;
    required?: readonly string[];
  };
  const missing = required.filter((name) => value[name] === undefined);
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  return [
    ...missing.map((name): Mismatch => ({
      path: join(path, name),
      message: describeMissing(properties[name] ?? {}),
      code: 'field-missing',
    })),
    ...unknown.map((name): Mismatch => {
      const known = Object.keys(properties).join(', ');
      return {
        path: join(path, printable(name)),
        message: `is no field here: known are ${known}`,
        code: 'field-unknown',
      };
    }),
  ];
}

/** Completes a sentence that begins with the path of what is missing: what it means, and what it must be. */
export function describeMissing(schema: TSchema, meaning = meaningOf(schema)): string {
  const demand = demandOf(withoutMeaning(schema));
  const says = [meaning?.replace(/\.$/, ''), demand].filter((part) => part !== undefined);
  return says.length > 0 ? `is missing: ${says.join('; ')}` : 'is missing';
}

/** What a member means, without its form. */
function meaningOf(schema: TSchema): string | undefined {
  const bare = withoutMeaning(schema) as { description?: string };
  if (bare === schema) return undefined;
  return (schema as { description?: string }).description?.replace(` As ${bare.description}.`, '');
}

/** “must be …”, as far as a schema alone says it in a few words. */
function demandOf(schema: TSchema): string | undefined {
  const { description, type, properties } = schema as Record<string, unknown>;
  const values = (schema as { enum?: readonly unknown[] }).enum;
  if (typeof description === 'string') return `must be ${description}`;
  if (values) return `must be one of ${values.join(', ')}`;
  const { value, unit } = (properties ?? {}) as { value?: TSchema; unit?: { enum?: readonly unknown[] } };
  if (value && unit?.enum) return `must be a “value” with its “unit”, one of ${unit.enum.join(', ')}`;
  return KINDS[String(type)] && `must be ${KINDS[String(type)]}`;
}

/** The error of the shape that the value claims to have; where it claims none, the error that lists the shapes. */
function pickTellingError(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const kinds = errors.filter(({ keyword }) => keyword === 'const');
  const choice = errors.find(({ keyword }) => keyword === 'anyOf');
  if (!choice) return errors[0];
  const { description } = withoutMeaning((choice.parentSchema ?? {}) as TSchema) as { description?: string };
  if (kinds.length === 0 && description !== undefined) return choice;
  // What is no object is taken for a name, where there are names.
  const names = errors.find(
    ({ keyword, instancePath }) => keyword === 'enum' && instancePath === choice.instancePath,
  );
  if (names && !isPlainObject(choice.data)) {
    const { allowedValues } = names.params as { allowedValues: unknown[] };
    return { ...names, params: { allowedValues: [...allowedValues, 'or written out'] } };
  }
  const branchOf = ({ schemaPath }: ErrorObject): string =>
    schemaPath.slice(0, schemaPath.lastIndexOf('/properties/'));
  const others = new Set(kinds.map(branchOf));
  const within = errors.find((error) => error !== choice && !others.has(branchOf(error)));
  if (within) return within;
  const [first] = kinds;
  if (!first) return errors[0];
  const allowedValues = kinds.map(({ params }) => (params as { allowedValue: unknown }).allowedValue);
  return { ...first, keyword: 'enum', params: { allowedValues } };
}

/** What was given where a demand was not met. */
function describeGiven({ keyword, data, params }: ErrorObject): string | undefined {
  switch (keyword) {
    case 'additionalProperties':
    case 'required':
      return undefined;
    case 'maxLength':
      return `has ${[...String(data)].length} characters`;
    case 'minItems':
    case 'maxItems':
      return `lists ${(data as unknown[]).length}`;
    case 'uniqueItems': {
      const twice = (data as unknown[])[(params as { i: number }).i];
      return typeof twice === 'object' ? undefined : `lists ${shownValue(twice)}`;
    }
    default:
      return `is ${shownValue(data)}`;
  }
}

type Words = (details: Record<string, unknown>) => string;

/** What a keyword of JSON Schema demands, in words. */
const PLAIN: Readonly<Record<string, Words>> = {
  type: ({ type }) => `must be ${KINDS[String(type)] ?? String(type)}`,
  minimum: ({ limit }) => `must be ${String(limit)} or more`,
  maximum: ({ limit }) => `must be ${String(limit)} or less`,
  minItems: ({ limit }) => `must list at least ${String(limit)}`,
  minLength: ({ limit }) => `must have at least ${characters(limit)}`,
  uniqueItems: ({ i, j }) => `names the same thing twice, in places ${Number(j) + 1} and ${Number(i) + 1}`,
  pattern: () => 'is not written as it should be',
  anyOf: () => 'must have one of the forms that are allowed here',
};

const characters = (count: unknown): string => (count === 1 ? '1 character' : `${String(count)} characters`);

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object in braces, with named fields',
  array: 'a list in square brackets',
  string: 'text in quotes',
  integer: 'a whole number without quotes',
  number: 'a number without quotes',
  boolean: 'true or false, without quotes',
};

function inWords({ keyword, params, parentSchema, message }: ErrorObject): string {
  const details = params as Record<string, unknown>;
  switch (keyword) {
    case 'maxLength':
      return `must have at most ${characters(details['limit'])}`;
    case 'maxItems':
      return `must list at most ${String(details['limit'])}`;
    case 'additionalProperties':
      return `has an unknown field “${printable(String(details['additionalProperty']))}”`;
    case 'required':
      return `lacks “${String(details['missingProperty'])}”`;
    case 'enum':
      return `must be one of ${(details['allowedValues'] as unknown[]).join(', ')}`;
    case 'const':
      return `must be ${String(details['allowedValue'])}`;
    default: {
      const { description } = withoutMeaning((parentSchema ?? {}) as TSchema) as { description?: string };
      return description
        ? `must be ${description}`
        : (PLAIN[keyword]?.(details) ?? message ?? 'is not valid');
    }
  }
}
