import { canonical } from '../tlog/canonical.js';
import { hashToBase64, type Hash } from '../tlog/encoding.js';
import { leafHash } from '../tlog/merkle.js';
import type { NewRecord } from '../store/event-store.js';
import type { ImportedFrom } from '../study/commands/common/command.js';
import { type Numbered, type RecordAttributes, schemaUrn, sequenceOf } from '../study/record.js';
import { makeRecordable } from '../study/events/recordable.js';
import { recordId } from './record-id.js';
import { sha256, sha256Hex } from '../shared/sha256.js';

/** Largest record in bytes: an entry of C2SP tlog-tiles has a 16-bit length. */
export const MAX_RECORD_BYTES = 65_535;

/** Who asked for a record, by what command. */
export interface Attribution {
  readonly actor: string;
  readonly actorrole: string;
  readonly session?: string | undefined;
  readonly command: string;
  readonly commandid: string;
  readonly commanddigest: string;
  readonly imported?: ImportedFrom | undefined;
}

/** What a record says. */
export interface Statement {
  readonly type: string;
  readonly data: object;
  readonly time: string;
  readonly recordedtime: string;
  readonly subject?: string | undefined;
  readonly reason?: string | undefined;
  readonly protocolversion?: number | undefined;
}

/** The number of a record in its stream; `index` counts the records of one command. */
export interface RecordPosition {
  readonly source: string;
  readonly number: number;
  readonly index?: number;
  readonly labsize?: number | undefined;
}

export interface Sealed<R> extends NewRecord {
  readonly parsed: SealedRecord<R>;
}

/** A record with its number and its leaf hash. The base64 of the hash is made only when it is asked for. */
export class SealedRecord<R> implements Numbered<R> {
  constructor(
    readonly number: number,
    readonly hash: Hash,
    readonly record: R,
  ) {}

  get leaf(): string {
    return hashToBase64(this.hash);
  }
}

/**
 * Gives a record its number, id, canonical bytes and leaf hash. The keys are written in canonical order, so that the
 * canonicaliser has nothing to sort. They are set one at a time: conditional spreads cost more than all the rest.
 *
 * @throws ProfileError where a text holds a character that a record may not hold.
 */
export function sealRecord<R extends RecordAttributes>(
  by: Attribution,
  statement: Statement,
  { source, number, index = 0, labsize }: RecordPosition,
): Sealed<R> {
  const { type, protocolversion, reason, subject } = statement;
  const record: Record<string, unknown> = {
    actor: by.actor,
    actorrole: by.actorrole,
    command: by.command,
    commanddigest: by.commanddigest,
    commandid: by.commandid,
    data: makeRecordable(statement.data),
    datacontenttype: 'application/json',
    dataschema: schemaUrn(type),
    id: recordId(source, by.commandid, index),
  };
  if (by.imported) Object.assign(record, provenance(by.imported));
  if (labsize !== undefined) record['labsize'] = labsize;
  if (protocolversion !== undefined) record['protocolversion'] = protocolversion;
  if (reason !== undefined) record['reason'] = reason;
  record['recordedtime'] = statement.recordedtime;
  record['sequence'] = sequenceOf(number);
  if (by.session !== undefined) record['session'] = by.session;
  record['source'] = source;
  record['specversion'] = '1.0';
  if (subject !== undefined) record['subject'] = subject;
  record['time'] = statement.time;
  record['type'] = type;
  const text = canonical(record);
  const hash = leafHash(sha256, text);
  return { text, leaf: hash, type, parsed: new SealedRecord(number, hash, record as unknown as R) };
}

/** Sorted by name, like all keys of a record. */
function provenance({ importer, file, mapping, row, sha256: digest, sheet }: ImportedFrom) {
  return {
    importer,
    importfile: file,
    importmapping: mapping,
    importrow: row,
    importsha256: digest,
    ...(sheet !== undefined && { importsheet: sheet }),
  };
}

/** What “the same command” means: SHA-256 of who asked for what to be recorded in which study. */
export function commandDigest(actor: string, command: string, data: object, study: string): string {
  return sha256Hex(commandText(actor, command, data, study));
}

export function commandText(actor: string, command: string, data: object, study: string): string {
  return canonical({ actor, command, data: { ...data }, study });
}
