import { Type } from '../study/schema-types.js';
import { instantMs } from '../study/instant.js';
import { attributeSchemas, schemaUrn, type Numbered, type RecordAttributes } from '../study/record.js';
import { RecordNumber, Sha256Hex, StudyCode, SubjectId, closed, described } from '../study/schema.js';
import { UnknownRecordType } from '../study/study.js';
import { AppendList } from '../study/fold/append-list.js';
import { commandedBy, type Commanded } from './commanded.js';

/** Exports: what was taken out of the ledger, and by whom. */
export const ACCESS_EVENTS = {
  BundleExported: closed({
    study: StudyCode,
    /** Tree size and root (base64) of the study as exported. */
    size: RecordNumber,
    root: described('a tree root in base64', { pattern: '^[A-Za-z0-9+/]{43}=$' }),
    /** The animal, where the export was about one only. */
    subject: Type.Optional(SubjectId),
    /** SHA-256 of the bundle's manifest, hex. */
    sha256: Sha256Hex,
  }),
} as const;

export type AccessEventType = keyof typeof ACCESS_EVENTS;

export interface BundleExported {
  study: string;
  size: number;
  root: string;
  subject?: string;
  sha256: string;
}

export interface AccessRecord extends RecordAttributes {
  type: AccessEventType;
  data: BundleExported;
}

/** A pure fold of the `access` stream. */
export interface Access {
  readonly size: number;
  /** By record number. */
  readonly commands: AppendList<Commanded>;
  readonly recordedMs: number;
}

export const EMPTY_ACCESS: Access = { size: 0, commands: AppendList.EMPTY, recordedMs: 0 };

export function foldAccess(access: Access, records: Iterable<Numbered<AccessRecord>>): Access {
  let { size, commands, recordedMs } = access;
  for (const { number, record } of records) {
    if (!Object.hasOwn(ACCESS_EVENTS, record.type)) throw new UnknownRecordType(number, record.type);
    size = number + 1;
    commands = commands.append(commandedBy(record));
    recordedMs = instantMs(record.recordedtime) ?? recordedMs;
  }
  return { size, commands, recordedMs };
}

function recordSchema(type: AccessEventType) {
  return closed({
    ...attributeSchemas,
    type: Type.Literal(type),
    dataschema: Type.Literal(schemaUrn(type)),
    data: ACCESS_EVENTS[type],
  });
}

const schemas = new Map<AccessEventType, ReturnType<typeof recordSchema>>();

/** The whole record's JSON Schema for one type. */
export function accessSchemaOf(type: AccessEventType): ReturnType<typeof recordSchema> {
  let schema = schemas.get(type);
  if (!schema) schemas.set(type, (schema = recordSchema(type)));
  return schema;
}
