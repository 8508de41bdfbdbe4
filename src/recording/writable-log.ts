import type { LogName } from '../lab/origins.js';
import { SigningError } from '../signing/signing-error.js';
import type { EventStore } from '../store/event-store.js';
import type { RecordAttributes } from '../study/record.js';
import { OpenStream, type StreamKind } from './open-stream.js';
import { WriteQueue, type QueueOptions } from './write-queue.js';

/** An open stream with its write queue, and whether it may be written at all. Only the gate submits to the queue. */
export class WritableLog<S, R extends RecordAttributes> {
  readonly name: LogName;
  readonly open: OpenStream<S, R>;
  readonly queue: WriteQueue<S, R>;
  /** Stays until the process ends: a contradiction to a signature is resolved by a person, with the server stopped. */
  contradiction: SigningError | undefined;
  isChecked = false;
  private opening: Promise<void> | undefined;
  private checking: Promise<void> | undefined;

  constructor(kind: StreamKind<S, R>, store: EventStore, options?: QueueOptions) {
    this.name = kind.stream as LogName;
    this.open = new OpenStream(kind, store);
    this.queue = new WriteQueue(this.open, store, options);
  }

  /** Whether it was read, or is being read for the first time. */
  get isOpen(): boolean {
    return this.opening !== undefined;
  }

  /** Reads it once, when it is first asked for. Where that failed, the next one to ask reads again. */
  async opened(): Promise<void> {
    try {
      await (this.opening ??= this.open.catchUp());
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  distrust(error: SigningError): void {
    if (error.refusal) this.contradiction = error;
  }

  /** Checks once, when the stream is first written to. What only keeps it from signing is checked at each signing. */
  async checked(check: () => Promise<void>): Promise<SigningError | undefined> {
    try {
      await (this.checking ??= check());
    } catch (error) {
      if (!(error instanceof SigningError)) {
        this.checking = undefined;
        throw error;
      }
      this.distrust(error);
    }
    this.isChecked = true;
    return this.contradiction;
  }
}
