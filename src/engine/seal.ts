import { canonical } from '../ledger/canonical.js';
import { hashToBase64, type Hash } from '../ledger/encoding.js';
import { leafHash } from '../ledger/merkle.js';
import type { NewRecord } from '../store/event-store.js';
import { type Numbered, type RecordAttributes, schemaUrn, sequenceOf } from '../study/record.js';
import { recordable } from '../study/recordable.js';
import { recordId } from './record-id.js';
import { sha256, sha256Hex } from './sha256.js';

/** Largest record in bytes: an entry of C2SP tlog-tiles has a 16-bit length. */
export const MAX_RECORD_BYTES = 65_535;

/** Everything about a record that is known before its place in the stream is. */
export interface Unsealed {
  readonly type: string;
  readonly data: object;
  readonly time: string;
  readonly recordedtime: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly protocolversion?: number;
  readonly labsize?: number;
  readonly actor: string;
  readonly actorrole: string;
  readonly session?: string;
  readonly command: string;
  readonly commandid: string;
  readonly commanddigest: string;
}

export interface Sealed<R> extends NewRecord {
  readonly parsed: Numbered<R>;
}

/** A record with its number and its leaf hash; the text form of the hash is made when somebody asks. */
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
 * Gives a record its place: number, id, canonical bytes, leaf hash. The keys are written in canonical order, so that
 * the canonicaliser has nothing to sort. `index` counts the records of one command.
 *
 * @throws ProfileError where a text holds what a record may not.
 */
export function seal<R extends RecordAttributes>(
  unsealed: Unsealed,
  source: string,
  number: number,
  index = 0,
): Sealed<R> {
  const { type, data, commandid } = unsealed;
  const id = recordId(source, commandid, index);
  const record = {
    actor: unsealed.actor,
    actorrole: unsealed.actorrole,
    command: unsealed.command,
    commanddigest: unsealed.commanddigest,
    commandid,
    data: recordable(data),
    datacontenttype: 'application/json',
    dataschema: schemaUrn(type),
    id,
    ...(unsealed.labsize !== undefined && { labsize: unsealed.labsize }),
    ...(unsealed.protocolversion !== undefined && { protocolversion: unsealed.protocolversion }),
    ...(unsealed.reason !== undefined && { reason: unsealed.reason }),
    recordedtime: unsealed.recordedtime,
    sequence: sequenceOf(number),
    ...(unsealed.session !== undefined && { session: unsealed.session }),
    source,
    specversion: '1.0',
    ...(unsealed.subject !== undefined && { subject: unsealed.subject }),
    time: unsealed.time,
    type,
  };
  const text = canonical(record);
  const hash = leafHash(sha256, text);
  return { id, text, leaf: hash, parsed: new SealedRecord(number, hash, record as unknown as R) };
}

/** What “the same command” means: SHA-256 of who asked for what to be recorded in which study. */
export function commandDigest(actor: string, command: string, data: object, study: string): string {
  return sha256Hex(canonical({ actor, command, data: { ...data }, study }));
}
