import { v5 } from 'uuid';
import { canonical } from '../ledger/canonical.js';
import { hashToBase64, type Hash } from '../ledger/encoding.js';
import { leafHash } from '../ledger/merkle.js';
import type { NewRecord } from '../store/event-store.js';
import { type Numbered, type RecordAttributes, schemaUrn, sequenceOf } from '../study/record.js';
import { sha256, sha256Hex } from './sha256.js';

/** RFC 9562 namespace of this product's record ids; changing it would change what every id means. */
const RECORD_IDS = '3c5f2d9e-7f0a-5b41-9a63-1f0c64a1d7b2';

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
  const id = v5(`${source}\n${commandid}\n${index}`, RECORD_IDS);
  const record = {
    actor: unsealed.actor,
    actorrole: unsealed.actorrole,
    command: unsealed.command,
    commanddigest: unsealed.commanddigest,
    commandid,
    data: inOrder(data),
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

/** A copy with members in canonical order, so that a record just written equals the same record read back. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(members).sort()) copy[key] = inOrder(members[key]);
  return copy;
}

/** What “the same command” means: SHA-256 of who asked for what to be recorded in which study. */
export function commandDigest(actor: string, command: string, data: object, study: string): string {
  return sha256Hex(canonical({ actor, command, data: { ...data }, study }));
}
