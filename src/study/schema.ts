import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { Type } from './schema-types.js';
import { instantMs, isDate } from './instant.js';
import { STUDY_CODE_MAX_LENGTH, STUDY_CODE_PATTERN } from './study-code.js';

/** The vocabulary that command fields and record schemas share, as JSON Schemas: the rules of a field are written once. */

/** Line breaks are allowed; other control characters never reach a record. */
export const Text = described('text that is not blank', { minLength: 1, maxLength: 4000, pattern: '\\S' });
/** As CloudEvents attributes need it. */
export const Line = described('one line of text that is not blank', {
  minLength: 1,
  maxLength: 400,
  pattern: '^(?=.*\\S)[^\\n\\t]*$',
});
/** Lines end with LF: CR is no character of a record. */
export const MappingText = described('a mapping as JSON text of at most 40,000 characters', {
  minLength: 2,
  maxLength: 40_000,
});
/** At least three letters or digits: a dot is no reason. */
export const Reason = described('one line of text with at least three letters or digits', {
  minLength: 1,
  maxLength: 400,
  pattern: '^(?=(?:[^\\n\\t\\p{L}\\p{N}]*[\\p{L}\\p{N}]){3})[^\\n\\t]*$',
});
/** A pseudonym, never a name: anyone may be shown the records of the lab. */
export const PersonId = described('a person’s identifier: letters, digits, dot, underscore, hyphen', {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
});
export const SubjectId = described('an animal’s identifier: letters, digits, dot, underscore, hyphen', {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$',
});
export const Code = described('a code in lower case with hyphens, such as ear-tag', {
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 60,
});
export const StudyCode = described('a study code: capitals, digits and single hyphens, such as KET-01', {
  pattern: STUDY_CODE_PATTERN,
  maxLength: STUDY_CODE_MAX_LENGTH,
});
export const Uuid = described('a UUID in lower case', {
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});
/** The id that a client gives a command: version 4 or 7. Versions 5 and 8 are kept for ids that the ledger derives itself. */
export const ClientCommandId = described('a UUID of version 4 or 7 in lower case', {
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
});
/** The id of a row that is imported: version 8, and version 5 of what was imported until version 0.4. */
export const ImportedCommandId = described('a UUID of version 5 or 8 in lower case', {
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[58][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
});
export const CommandName = described('the name of a command, such as RecordThreshold', {
  pattern: '^[A-Z][A-Za-z]{2,59}$',
});
export const Instant = described('an instant with its offset, such as 2026-03-02T09:15:00+01:00', {
  format: 'instant',
});
export const CalendarDate = described('a date such as 2026-03-02', { format: 'calendar-date' });
export const RecordNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Count = Type.Integer({ minimum: 1, maximum: 100_000 });
export const Minute = Type.Integer({ minimum: -1440, maximum: 14_400 });
export const Score = Type.Integer({ minimum: 0, maximum: 100 });
/** SHA-256 of 0x00 and the record's bytes, base64 (RFC 6962 leaf hash). */
export const LeafHash = described('a leaf hash in base64', { pattern: '^[A-Za-z0-9+/]{43}=$' });
export const Sha256Hex = described('a SHA-256 digest in lower-case hex', { pattern: '^[0-9a-f]{64}$' });
export const Flags = Type.Array(Code, { minItems: 1, maxItems: 32, uniqueItems: true });

export const Side = Type.Enum(['left', 'right']);
export const Paw = Type.Enum(['ipsilateral', 'contralateral']);
export const Severity = Type.Enum(['mild', 'moderate', 'severe']);
/** As a licence foresees it (Dir. 2010/63/EU, Annex VIII). */
export const ProspectiveSeverity = Type.Enum(['non-recovery', 'mild', 'moderate', 'severe']);
/** As an animal experienced it; `sub-threshold` is a class of the United Kingdom alone. */
export const ActualSeverity = Type.Enum(['sub-threshold', 'non-recovery', 'mild', 'moderate', 'severe']);

/** A record named by its number; the leaf hash, where given, proves that the same record is meant. */
export const RecordReference = closed({ number: RecordNumber, leaf: Type.Optional(LeafHash) });
export const ProvenReference = closed({ number: RecordNumber, leaf: LeafHash });

/** A string whose description completes the sentence “must be …”. */
export function described(description: string, options: Parameters<typeof Type.String>[0]) {
  return Type.String({ ...options, description });
}

/** The schema before it was given a meaning. Copies keep it, and no JSON shows it. */
const BARE = Symbol('schema without its meaning');

/** A member of an object: its schema, with what it means as the description that is published. */
export function member<T extends TSchema>(schema: T, meaning: string): T {
  const form = (schema as { description?: string }).description;
  return { ...schema, description: form ? `${meaning} As ${form}.` : meaning, [BARE]: schema };
}

export function optionalMember<T extends TSchema>(schema: T, meaning: string) {
  return Type.Optional(member(schema, meaning));
}

/** The schema as it was before it became a member. */
export function withoutMeaning(schema: TSchema): TSchema {
  return (schema as { [BARE]?: TSchema })[BARE] ?? schema;
}

/** An object that takes no other members than those named. */
export function closed<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  verbose: true,
  // The schemas are the program's own. Half the time of compiling them, and no time of checking, is saved.
  validateSchema: false,
  code: { optimize: false },
});
ajv.addFormat('instant', { type: 'string', validate: (text: string) => instantMs(text) !== undefined });
ajv.addFormat('calendar-date', { type: 'string', validate: isCalendarDate });

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return isDate(year, month, day);
}

const compiled = new WeakMap<TSchema, ValidateFunction>();

function compileOnce(schema: TSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  return validate;
}

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

export function matches(schema: TSchema, value: unknown): boolean {
  return compileOnce(schema)(value);
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

/** Of several shapes of objects the one that knows most members of the value; undefined where none knows any. */
function claimedShape(schema: TSchema, value: unknown): TSchema | undefined {
  const { anyOf } = schema as { anyOf?: readonly TSchema[] };
  if (!anyOf || !isPlainObject(value)) return undefined;
  const known = (shape: TSchema): number => {
    const { properties = {} } = shape as { properties?: Record<string, { const?: unknown }> };
    const names = Object.keys(value).filter((name) => Object.hasOwn(properties, name));
    const others = names.filter(
      (name) => 'const' in properties[name]! && properties[name].const !== value[name],
    );
    return names.length - others.length;
  };
  const [best] = [...anyOf].sort((a, b) => known(b) - known(a));
  return best && known(best) > 0 ? best : undefined;
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

/** An object as JSON makes it. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The error of the shape that the value claims to have; where it claims none, the error that lists the shapes. */
function pickTellingError(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const kinds = errors.filter(({ keyword }) => keyword === 'const');
  const choice = errors.find(({ keyword }) => keyword === 'anyOf');
  if (!choice) return errors[0];
  if (kinds.length === 0 && (choice.parentSchema as { description?: string }).description) return choice;
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

/** A name that a client sent, made fit for a sentence: at most 60 characters, without unprintable ones. */
export function printable(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return shown.replace(/\p{C}/gu, '�');
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

/** A value that a client sent, short and printable. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : `“${printable(value)}”`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : printable(String(value));
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
