import type { Static } from 'typebox';
import { Type } from '../study/schema-types.js';
import { instantMs } from '../study/instant.js';
import { attributeSchemas, schemaUrn, type Numbered, type RecordAttributes } from '../study/record.js';
import { Code, RecordNumber, Sha256Hex, StudyCode, SubjectId, closed, described } from '../study/schema.js';
import { UnknownRecordType } from '../study/study.js';
import { AppendList } from '../study/fold/append-list.js';
import { commandedBy, type Commanded } from './commanded.js';
import { EMPTY_SESSIONS, SESSION_EVENTS, foldSession, type Sessions } from './sessions.js';

/** How often it happened since the record before it of the same kind. */
const Times = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** Who came, what was refused, and what was taken out. No record holds anything that a caller typed. */
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
  /** Attempts to sign in, by whoever it was. At most one record a minute. */
  SignInFailed: closed({ count: Times }),
  /** Commands of one person and one name, refused with one code. What differs between them is left out. */
  CommandRefused: closed({
    /** Absent where there is no such study. */
    study: Type.Optional(StudyCode),
    command: described('the name of a command, such as RecordThreshold, or Import', {
      pattern: '^[A-Z][A-Za-z]{1,59}$',
    }),
    code: Code,
    /** As the schema of the command names it, without places in lists. */
    field: Type.Optional(
      described('a path in the body of a command', {
        pattern: '^[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)*$',
        maxLength: 200,
      }),
    ),
    count: Times,
  }),
  /** A file that one person was handed: a table, report or data set of a study, a list of records, a yearly return. */
  FileMade: closed({
    study: Type.Optional(StudyCode),
    /** Tree size of the study; the largest one where the file was made several times. */
    size: Type.Optional(RecordNumber),
    file: described('the name of a kind of file, such as table.csv', { pattern: '^[a-z0-9.-]{1,60}$' }),
    /** Of a return. */
    year: Type.Optional(Type.Integer({ minimum: 1000, maximum: 2999 })),
    count: Times,
  }),
  ...SESSION_EVENTS,
} as const;

export type AccessEventType = keyof typeof ACCESS_EVENTS;
export type AccessEventData = { [T in AccessEventType]: Static<(typeof ACCESS_EVENTS)[T]> };
export type BundleExported = AccessEventData['BundleExported'];

export interface AccessRecord<T extends AccessEventType = AccessEventType> extends RecordAttributes {
  type: T;
  data: AccessEventData[T];
}

/** A pure fold of the `access` stream. */
export interface Access {
  readonly size: number;
  /** By record number. */
  readonly commands: AppendList<Commanded>;
  readonly sessions: Sessions;
  readonly recordedMs: number;
}

export const EMPTY_ACCESS: Access = {
  size: 0,
  commands: AppendList.EMPTY,
  sessions: EMPTY_SESSIONS,
  recordedMs: 0,
};

export function foldAccess(access: Access, records: Iterable<Numbered<AccessRecord>>): Access {
  let { size, commands, sessions, recordedMs } = access;
  for (const { number, record } of records) {
    if (!Object.hasOwn(ACCESS_EVENTS, record.type)) throw new UnknownRecordType(number, record.type);
    size = number + 1;
    commands = commands.append(commandedBy(record));
    recordedMs = instantMs(record.recordedtime) ?? recordedMs;
    sessions = foldSession(sessions, record, recordedMs);
  }
  return { size, commands, sessions, recordedMs };
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
