import type { TSchema } from 'typebox';
import { Type } from './schema-types.js';
import { EVENTS, isEventType, type EventData, type EventType } from './events/events.js';
import { versionOf } from './events/versions.js';
import { mismatch, type Mismatch } from './mismatch.js';
import { Code, Instant, Line, PersonId, RecordNumber, Sha256Hex, SubjectId, Uuid, closed } from './schema.js';

/**
 * A record: one immutable fact as a CloudEvents 1.0 object. Its RFC 8785 text is what is stored, hashed and exported.
 * Attribute names are CloudEvents' (lower case, no separators).
 */
export interface RecordAttributes {
  actor: string;
  actorrole: string;
  command: string;
  commanddigest: string;
  commandid: string;
  datacontenttype: 'application/json';
  dataschema: string;
  id: string;
  /** Only in what was read from a file: who had it read, and where it stands there. */
  importer?: string;
  importfile?: string;
  /** SHA-256, hex, of the mapping by which the file was read. */
  importmapping?: string;
  importrow?: number;
  importsha256?: string;
  /** Absent where the file has no sheets. */
  importsheet?: string;
  /** Size of the lab stream the command was authorised against; absent in the lab stream itself. */
  labsize?: number;
  /** Protocol version in force when it happened. */
  protocolversion?: number;
  reason?: string;
  /** When it was written: the server's clock in UTC, never going back within a stream. */
  recordedtime: string;
  /** The record number, ten digits. */
  sequence: string;
  session?: string;
  source: string;
  specversion: '1.0';
  subject?: string;
  /** When it happened, as claimed, kept to the letter. */
  time: string;
}

/** A record as folds take it: parsed, with its number and its leaf hash (base64). */
export interface StudyRecord<T extends EventType = EventType> extends RecordAttributes {
  type: T;
  data: EventData<T>;
}

export interface Numbered<R> {
  readonly number: number;
  readonly leaf: string;
  readonly record: R;
}

export type StoredStudyRecord = Numbered<StudyRecord>;

export function isOf<T extends EventType>(type: T, record: StudyRecord): record is StudyRecord<T> {
  return record.type === type;
}

export function schemaUrn(type: string, version: number = versionOf(type)): string {
  return `urn:study-ledger:schema:${type}:${version}`;
}

export function studySource(code: string): string {
  return `/studies/${code}`;
}

export function sequenceOf(number: number): string {
  return String(number).padStart(10, '0');
}

/** The attributes every stream's records share, as a JSON Schema. */
export const attributeSchemas = {
  actor: PersonId,
  actorrole: Code,
  command: Line,
  commanddigest: Sha256Hex,
  commandid: Uuid,
  datacontenttype: Type.Literal('application/json'),
  dataschema: Line,
  id: Uuid,
  labsize: Type.Optional(RecordNumber),
  protocolversion: Type.Optional(RecordNumber),
  reason: Type.Optional(Line),
  recordedtime: Instant,
  sequence: Type.String({ pattern: '^[0-9]{10}$' }),
  session: Type.Optional(Line),
  source: Line,
  specversion: Type.Literal('1.0'),
  subject: Type.Optional(SubjectId),
  time: Instant,
};

/** Only studies import: what the ledger says of itself was never in a file. */
const importSchemas = {
  importer: Type.Optional(PersonId),
  importfile: Type.Optional(Line),
  importmapping: Type.Optional(Sha256Hex),
  importrow: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  importsha256: Type.Optional(Sha256Hex),
  importsheet: Type.Optional(Line),
};

/** The whole record's JSON Schema for one type and version, by the schema of its `data`. */
export function recordSchema(type: EventType, version: number, data: TSchema) {
  return closed({
    ...attributeSchemas,
    ...importSchemas,
    type: Type.Literal(type),
    dataschema: Type.Literal(schemaUrn(type, version)),
    data,
  });
}

const schemas = new Map<EventType, ReturnType<typeof recordSchema>>();

/** The whole record's JSON Schema for one type as it is written today, as `study-ledger schemas` exports it. */
export function schemaOf(type: EventType): ReturnType<typeof recordSchema> {
  let schema = schemas.get(type);
  if (!schema) schemas.set(type, (schema = recordSchema(type, versionOf(type), EVENTS[type])));
  return schema;
}

/** What is wrong with a record; a correction must state what its target's own schema allows. */
export function schemaMismatch(record: StudyRecord): Mismatch | undefined {
  const wrong = mismatch(schemaOf(record.type), record);
  if (wrong || !isOf('RecordCorrected', record)) return wrong;
  const { corrects, corrected } = record.data;
  if (!isEventType(corrects)) return { path: 'data.corrects', message: 'must be a type of record' };
  const inner = mismatch(EVENTS[corrects], corrected);
  return inner && { ...inner, path: ['data.corrected', inner.path].filter(Boolean).join('.') };
}
