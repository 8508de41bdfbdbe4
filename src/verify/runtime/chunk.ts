import { isAscii, isUtf8 } from 'node:buffer';
import { sha256 } from './crypto.js';
import type { CheckId, Finding } from '../checks/findings.js';
import { attachmentIn, type NamedAttachment } from '../checks/attachments.js';
import { ID_WORDS, putId } from '../checks/id-set.js';
import { isNotable, type Notable } from '../checks/notable.js';
import { AuthorsOf, type Authors } from '../checks/people/authors.js';
import {
  checkTimes,
  parseRecord,
  RecordIds,
  referencesOf,
  type SchemaSet,
  textOf,
  type Attributes,
  type Reference,
} from '../checks/record.js';
import { quote } from '../checks/printable.js';

/** A run of consecutive records of one log, to be checked by whoever is free. */
export interface Chunk {
  readonly log: string;
  /** What the records must say their source is. */
  readonly source: string;
  /** Number of the first record. */
  readonly first: number;
  /** The records; before each stands one byte that does not belong to it. */
  readonly bytes: Uint8Array;
  /** Length of each record, from a store; without, they end where a line feed stands. */
  readonly lengths?: readonly number[];
  /** The leaf hashes that a store keeps beside the bytes, one after another, 32 latin1 characters each. */
  readonly storedLeaves?: string;
  /** Whether the records are to be handed back. */
  readonly keep: boolean;
  /** Whether it is to be told who made the records. */
  readonly authors?: boolean;
  /** Whether signatures and acts of a study are to be handed back. */
  readonly notables?: boolean;
  /** Only leaf hashes, nothing of what the records say. */
  readonly hashOnly: boolean;
}

/** What is needed of the records to check them as a whole. */
export interface Checked {
  /** 32 latin1 characters a record. */
  readonly leaves: string;
  /** Each record's id as `putId` writes it; zeros where it is not the id that the record must have. */
  readonly ids: Uint32Array;
  readonly recordedMs: Float64Array;
  /** `labsize` of each record, NaN where it has none. */
  readonly labSizes: Float64Array;
  readonly references: readonly Reference[];
  readonly findings: readonly Finding[];
  readonly kept: readonly (Attributes | undefined)[];
  readonly authors?: Authors;
  /** Files that the records name. */
  readonly attachments: readonly NamedAttachment[];
  readonly notables: readonly Notable[];
}

const LF = 0x0a;
const DEL = 0x7f;
const MAX_RECORD_BYTES = 65_535;
/** More records than this are not written for one command. */
const MAX_INDEX = 16;

/** Checks records one by one. It keeps nothing from chunk to chunk but compiled schemas. */
export class ChunkChecker {
  constructor(private readonly schemas: SchemaSet) {}

  check(chunk: Chunk): Checked {
    const { log, first, hashOnly, keep } = chunk;
    const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
    const ends = endsOf(bytes, chunk.lengths);
    const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
    const clean = encoding === 'latin1' || isUtf8(bytes);
    // JSON takes no other control character than DEL without an escape.
    const isPlain = encoding === 'latin1' && !bytes.includes(DEL);
    const findings: Finding[] = [];
    const references: Reference[] = [];
    const attachments: NamedAttachment[] = [];
    const kept: (Attributes | undefined)[] = [];
    const notables: Notable[] = [];
    const told = hashOnly ? 0 : ends.length;
    const ids = new Uint32Array(ID_WORDS * told);
    const recordedMs = new Float64Array(told);
    const labSizes = new Float64Array(told);
    const inOrder = new Order(chunk.source);
    const authors = chunk.authors ? new AuthorsOf(first, told) : undefined;
    let leaves = '';
    let number = first;
    const complain = (check: CheckId, message: string): void => {
      const severity = check === 'type' ? 'incomplete' : 'fail';
      findings.push({ check, severity, log, record: number, message: `record ${number} ${message}` });
    };
    for (let i = 0, before = 0; i < ends.length; i++, number++) {
      const end = ends[i]!;
      // RFC 6962: the leaf hash is over a zero byte and the record; there is room for that byte before each record.
      bytes[before] = 0;
      leaves += sha256(bytes.subarray(before, end));
      if (!hashOnly) {
        const length = end - before - 1;
        if (length === 0 || length > MAX_RECORD_BYTES) complain('size', `has ${length} bytes`);
        if (!clean && !isUtf8(bytes.subarray(before + 1, end))) complain('utf-8', 'is not UTF-8 text');
        const text = bytes.toString(encoding, before + 1, end);
        const record = parseRecord(text, isPlain ? !text.includes('\\') : undefined, complain);
        if (keep) kept.push(record);
        if (record) {
          this.schemas.check(record, complain);
          if (inOrder.check(record, number, complain)) putId(ids, ID_WORDS * i, textOf(record['id']));
          references.push(...referencesOf(record, number));
          authors?.take(i, record);
          const attachment = attachmentIn(record, number);
          if (attachment) attachments.push(attachment);
          if (chunk.notables && isNotable(record['type'])) notables.push({ number, record });
        }
        recordedMs[i] = record ? checkTimes(record, complain) : NaN;
        labSizes[i] = Number(record?.['labsize'] ?? NaN);
      }
      before = end;
    }
    // The column repeats what the bytes say, so that a repetition is recognised; where they disagree, the bytes are right.
    const { storedLeaves = leaves } = chunk;
    if (!hashOnly && storedLeaves !== leaves)
      for (const i of ends.keys()) {
        number = first + i;
        if (leafAt(storedLeaves, i) !== leafAt(leaves, i))
          complain('column', 'is not what its stored leaf hash is the hash of');
      }
    const checked = { leaves, ids, recordedMs, labSizes, references, findings, kept, notables, attachments };
    return authors ? { ...checked, authors: authors.found } : checked;
  }
}

/** Whether records say that they stand where they do stand. */
class Order {
  private readonly ids: RecordIds;
  private commandId: string | undefined;
  /** Place of the last record among those of its command. */
  private index = 0;

  constructor(private readonly source: string) {
    this.ids = new RecordIds(source);
  }

  /** True where the record has the id that follows from its command. */
  check(record: Attributes, number: number, complain: (check: CheckId, message: string) => void): boolean {
    const { source, sequence, id, commandid } = record as Record<string, string>;
    if (source !== this.source)
      complain('source', `says it belongs to ${quote(source)}, and stands in ${this.source}`);
    if (sequence !== String(number).padStart(10, '0'))
      complain('sequence', `says it is number ${quote(sequence)}`);
    // A command's records may begin in the chunk before.
    const last = this.commandId === undefined ? MAX_INDEX : 0;
    const from = commandid === this.commandId ? this.index + 1 : 0;
    this.commandId = textOf(commandid);
    this.index = this.indexOf(textOf(id), from, from + last);
    if (this.index < 0) complain('id', `has an id that does not follow from its command: ${quote(id)}`);
    return this.index >= 0;
  }

  /** Which record of its command has this id; −1 where none from `from` to `to` has. */
  private indexOf(id: string, from: number, to: number): number {
    for (let index = from; index <= to; index++)
      if (this.ids.isRight(id, this.commandId!, index)) return index;
    return -1;
  }
}

function leafAt(leaves: string, at: number): string {
  return leaves.slice(32 * at, 32 * at + 32);
}

/** Where each record of a chunk ends. */
export function endsOf(bytes: Uint8Array, lengths: readonly number[] | undefined): number[] {
  const ends: number[] = [];
  let at = 0;
  if (lengths) for (const length of lengths) ends.push((at += 1 + length));
  else
    while (at < bytes.length) {
      const next = bytes.indexOf(LF, at + 1);
      ends.push((at = next < 0 ? bytes.length : next));
    }
  return ends;
}
