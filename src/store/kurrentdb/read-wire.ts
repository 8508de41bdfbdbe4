/**
 * What a read answers, taken from its protobuf encoding without making messages of it: the stub's objects cost as much
 * as all the rest of reading. Field numbers as `streams.proto` and `shared.proto` of the client have them.
 */

/** An event as it stands in the server. */
export interface RawEvent {
  readonly number: number;
  readonly id: string;
  readonly bytes: Buffer;
}

/** One answer of `Streams.Read`; all are absent in one that says nothing of use here. */
export interface ReadAnswer {
  readonly event?: RawEvent;
  readonly notFound?: true;
  readonly lastPosition?: number;
}

const ANSWER = { event: 1, notFound: 4, lastPosition: 6 };
const EVENT = { recorded: 1 };
const RECORDED = { id: 1, revision: 3, data: 8 };
const UUID = { text: 2 };

/** @throws RangeError where the bytes are no message. */
export function readAnswer(bytes: Buffer): ReadAnswer {
  const answer = new Fields(bytes, 0, bytes.length);
  while (answer.next()) {
    if (answer.number === ANSWER.event) return eventIn(answer.inner());
    if (answer.number === ANSWER.notFound) return { notFound: true };
    if (answer.number === ANSWER.lastPosition) return { lastPosition: answer.value };
  }
  return {};
}

function eventIn(event: Fields): ReadAnswer {
  while (event.next()) if (event.number === EVENT.recorded) return { event: recordedIn(event.inner()) };
  return {};
}

function recordedIn(recorded: Fields): RawEvent {
  let number = 0;
  let id = '';
  let bytes: Buffer = Buffer.alloc(0);
  while (recorded.next()) {
    if (recorded.number === RECORDED.id) id = textIn(recorded.inner());
    else if (recorded.number === RECORDED.revision) number = recorded.value;
    else if (recorded.number === RECORDED.data) bytes = recorded.content();
  }
  return { number, id, bytes };
}

function textIn(uuid: Fields): string {
  while (uuid.next()) if (uuid.number === UUID.text) return uuid.content().toString('latin1');
  return '';
}

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/** The fields of one message, one after another. */
export class Fields {
  number = 0;
  /** Of a number; of what has a length, that. Above 2^53 not exact. */
  value = 0;

  constructor(
    private readonly bytes: Buffer,
    private at: number,
    private readonly end: number,
  ) {}

  /** False at the end. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.number = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        this.value = this.varint();
        break;
      case LENGTH:
        this.value = this.varint();
        this.skip(this.value);
        break;
      case EIGHT_BYTES:
        this.skip(8);
        break;
      case FOUR_BYTES:
        this.skip(4);
        break;
      default:
        throw new RangeError(`a field has the wire type ${tag & 7}`);
    }
    return true;
  }

  /** What stands in the field just read. */
  content(): Buffer {
    return this.bytes.subarray(this.at - this.value, this.at);
  }

  /** The message in the field just read. */
  inner(): Fields {
    return new Fields(this.bytes, this.at - this.value, this.at);
  }

  private skip(count: number): void {
    this.at += count;
    if (this.at > this.end) throw new RangeError('a field is longer than its message');
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= this.end) throw new RangeError('a number is cut off');
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}
