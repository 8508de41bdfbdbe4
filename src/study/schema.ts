import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Static, TSchema } from 'typebox';
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
/** Of a disclosure: 32 bytes in base64url, as `COMMITMENT_DIGEST` of the log has it. */
export const CommitmentDigest = described('the digest of a disclosure in base64url', {
  pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
});
/** A member of record data that is a name, a label or another value that may be erased or withheld. */
export const Commitment = Type.Object({ '...': CommitmentDigest }, { additionalProperties: false });
export type Commitment = Static<typeof Commitment>;
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

export function compileOnce(schema: TSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  return validate;
}

export function matches(schema: TSchema, value: unknown): boolean {
  return compileOnce(schema)(value);
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

/** A name that a client sent, made fit for a sentence: at most 60 characters, without unprintable ones. */
export function printable(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return shown.replace(/\p{C}/gu, '�');
}

/** A value that a client sent, short and printable. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : `“${printable(withoutSecret(value))}”`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : printable(String(value));
}

/** What is as long and as unbroken as a code or a token may be one, typed into the wrong field: only its beginning is shown. */
function withoutSecret(text: string): string {
  return /[\w-]{40}/.test(text) ? `${text.slice(0, 8)}…` : text;
}
