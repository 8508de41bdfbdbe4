/**
 * One append, written in the protobuf encoding and its answer taken from it, without making messages of either: the
 * client's own way parses a record, serialises it, writes it in base64 and back, twice, and costs as much as the rest of
 * a command. Field numbers as `streams.proto`, `shared.proto` and `status.proto` of the client have them.
 */
import { Fields } from './read-wire.js';

/** A record as KurrentDB is given it. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly text: string;
}

export interface AppendRequest {
  readonly stream: string;
  /** 0 for a stream that must not exist. */
  readonly expectedSize: number;
  readonly events: readonly NewEvent[];
}

/** What tells the answers of one call apart: 16 hex digits of the call, and a number within it. */
export interface Correlation {
  readonly call: string;
  readonly number: number;
}

export interface AppendAnswer {
  readonly number: number;
  /** Of the last event written. */
  readonly revision?: number;
  readonly refused?: { readonly kind: string; readonly message: string };
}

const REQUEST = { correlation: 1, options: 2, event: 3, isFinal: 4 };
const OPTIONS = { stream: 1, revision: 2, noStream: 3, deadline: 6 };
const STREAM = { name: 3 };
const EVENT = { id: 1, metadata: 2, data: 4 };
const ENTRY = { key: 1, value: 2 };
const TIME = { seconds: 1, nanos: 2 };
const UUID = { structured: 1, text: 2 };

/** More than all that stands around a record's text and its names. */
const AROUND = 400;

/** @param deadlineMs Unix time after which the server need not begin with it. */
export function appendRequest(
  { stream, expectedSize, events }: AppendRequest,
  correlation: Correlation,
  deadlineMs: number,
): Buffer {
  let capacity = AROUND + 3 * stream.length;
  for (const { text, type } of events) capacity += AROUND + Buffer.byteLength(text) + 3 * type.length;
  const out = new Writer(Buffer.allocUnsafe(capacity));
  out.message(REQUEST.correlation, () => out.text(UUID.text, uuidOf(correlation)));
  out.message(REQUEST.options, () => {
    out.message(OPTIONS.stream, () => out.text(STREAM.name, stream));
    if (expectedSize === 0) out.message(OPTIONS.noStream, () => undefined);
    else out.integer(OPTIONS.revision, expectedSize - 1);
    out.message(OPTIONS.deadline, () => {
      out.integer(TIME.seconds, Math.floor(deadlineMs / 1000));
      out.integer(TIME.nanos, (deadlineMs % 1000) * 1_000_000);
    });
  });
  for (const event of events) out.message(REQUEST.event, () => proposed(out, event));
  out.integer(REQUEST.isFinal, 1);
  return out.written();
}

function proposed(out: Writer, { id, type, contentType, text }: NewEvent): void {
  const entry = (key: string, value: string): void =>
    out.message(EVENT.metadata, () => {
      out.text(ENTRY.key, key);
      out.text(ENTRY.value, value);
    });
  out.message(EVENT.id, () => out.text(UUID.text, id));
  entry('type', type);
  entry('content-type', contentType);
  out.text(EVENT.data, text);
}

function uuidOf({ call, number }: Correlation): string {
  const low = number.toString(16).padStart(16, '0');
  return `${call.slice(0, 8)}-${call.slice(8, 12)}-${call.slice(12)}-${low.slice(0, 4)}-${low.slice(4)}`;
}

const VARINT = 0;
const LENGTH = 2;
/** Bytes of a length, written before it is known: a number may be padded, and no message comes near 2^28 bytes. */
const LENGTH_BYTES = 4;

class Writer {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  message(field: number, write: () => void): void {
    const start = this.begun(field);
    write();
    this.ended(start);
  }

  text(field: number, text: string): void {
    const start = this.begun(field);
    this.at += this.bytes.write(text, start);
    this.ended(start);
  }

  /** Not negative and exact. */
  integer(field: number, value: number): void {
    this.bytes[this.at++] = (field << 3) | VARINT;
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes[this.at++] = (rest % 0x80) | 0x80;
    this.bytes[this.at++] = rest;
  }

  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  private begun(field: number): number {
    this.bytes[this.at] = (field << 3) | LENGTH;
    this.at += 1 + LENGTH_BYTES;
    return this.at;
  }

  private ended(start: number): void {
    let length = this.at - start;
    for (let index = start - LENGTH_BYTES; index < start - 1; index++, length >>>= 7)
      this.bytes[index] = (length & 0x7f) | 0x80;
    this.bytes[start - 1] = length;
  }
}

const ANSWER = { correlation: 1, error: 2, success: 3 };
const SUCCESS = { revision: 1 };
const STATUS = { message: 2, details: 3 };
const ANY = { url: 1 };
const STRUCTURED = { low: 2 };

/** @throws RangeError where the bytes are no message. */
export function readAppendAnswer(bytes: Buffer): AppendAnswer {
  const answer = new Fields(bytes, 0, bytes.length);
  let number = 0;
  let outcome: Omit<AppendAnswer, 'number'> = {};
  while (answer.next()) {
    if (answer.number === ANSWER.correlation) number = numberIn(answer.inner());
    else if (answer.number === ANSWER.error) outcome = { refused: statusIn(answer.inner()) };
    else if (answer.number === ANSWER.success)
      outcome = { revision: valueIn(answer.inner(), SUCCESS.revision) };
  }
  return { number, ...outcome };
}

/** The number within the call; a server may write the UUID as text or as two numbers. */
function numberIn(uuid: Fields): number {
  while (uuid.next()) {
    if (uuid.number === UUID.text)
      return parseInt(uuid.content().toString('latin1').slice(-17).replace('-', ''), 16);
    if (uuid.number === UUID.structured) return valueIn(uuid.inner(), STRUCTURED.low);
  }
  return 0;
}

/** 0 where it is left out, as the encoding has it. */
function valueIn(fields: Fields, wanted: number): number {
  while (fields.next()) if (fields.number === wanted) return fields.value;
  return 0;
}

/** The kind is the name of the message that the details are, without its package. */
function statusIn(status: Fields): { kind: string; message: string } {
  let [kind, message] = ['', ''];
  while (status.next()) {
    if (status.number === STATUS.message) message = status.content().toString();
    else if (status.number === STATUS.details) kind = nameIn(status.inner());
  }
  return { kind, message };
}

function nameIn(any: Fields): string {
  while (any.next())
    if (any.number === ANY.url) return any.content().toString('latin1').split('.').at(-1) ?? '';
  return '';
}
