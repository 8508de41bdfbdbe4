import { StoreError } from '../store-error.js';

/** Our own time limit for an attempt has passed. The server may still carry it out. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** An answer that ended before it was complete. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** The server's answer to an append that it does not make. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** As the client spells it: the error `WrongExpectedVersion` is `wrong-expected-version`. */
  readonly type: string;

  constructor({ kind, message }: { readonly kind: string; readonly message: string }) {
    super(message);
    this.type = kind.replace(/(?<=.)(?=[A-Z])/g, '-').toLowerCase();
  }
}

/** An error about one stream, which the server's answer need not name. */
class StreamError extends StoreError {
  constructor(
    code: StoreError['code'],
    private readonly say: (stream?: string) => string,
    cause: unknown,
  ) {
    super(code, say(), { cause });
  }

  named(stream: string): StoreError {
    return new StoreError(this.code, this.say(stream), { cause: this.cause });
  }
}

/** The same error with the stream in its message, where it is about that stream. */
export function withName(stream: string, error: unknown): unknown {
  return error instanceof StreamError ? error.named(stream) : error;
}

export function sayDeleted(stream?: string): string {
  return (
    `${stream === undefined ? 'The stream' : `Stream ${stream}`} was deleted in KurrentDB, and its numbers cannot be used ` +
    'again: restore the cluster, or use another prefix for another ledger.'
  );
}

/** What an error means for the attempt that met it. */
export type ErrorClass =
  /** It may have been carried out or not: repeat it. `replace`: this client object does not recover by itself. */
  | { readonly kind: 'unknown'; readonly replace: boolean }
  /** Perhaps a conflict: only reading the stream shows whether another writer was first. */
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'final'; readonly error: StoreError };

const REPEAT = { kind: 'unknown', replace: false } as const;
const REPEAT_WITH_NEW_CLIENT = { kind: 'unknown', replace: true } as const;

/** gRPC status codes: https://grpc.io/docs/guides/status-codes/ */
const CODE = {
  cancelled: 1,
  invalidArgument: 3,
  permissionDenied: 7,
  failedPrecondition: 9,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/**
 * Classifies by the error's `type` if it has one, else by its gRPC code. Nothing else tells errors apart: all are named
 * "Error", some have no message, and those of a broken call or of a server that is down have no type. An append that
 * met an error not known here may have been written, so such an error is `unknown`, never `final`.
 */
export function classifyError(error: unknown): ErrorClass {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (error instanceof StoreError) return { kind: 'final', error };
  if (error instanceof CutShort) return REPEAT;
  if (error instanceof TimedOut) return REPEAT_WITH_NEW_CLIENT;
  if (message.includes('MaximumAppendSizeExceeded')) return tooLarge(error);
  switch (readType(error)) {
    case 'wrong-expected-version':
      return { kind: 'wrong-version' };
    case 'unavailable':
    case 'cancelled':
    case 'not-leader':
      return REPEAT;
    case 'stream-deleted':
    case 'stream-tombstoned':
      return deleted(error);
    case 'access-denied':
      return denied(error);
    case 'maximum-append-size-exceeded':
    case 'transaction-max-size-exceeded':
    case 'append-record-size-exceeded':
      return tooLarge(error);
    default:
      return classifyByCode(code, error);
  }
}

/** An error of a read has its type in the trailing metadata. */
function readType(error: unknown): unknown {
  const { type, metadata } = error as { type?: unknown; metadata?: { get?(name: string): unknown[] } };
  return type ?? metadata?.get?.('exception')[0];
}

function classifyByCode(code: unknown, error: unknown): ErrorClass {
  switch (code) {
    case CODE.unavailable:
    case CODE.cancelled:
      return REPEAT;
    case CODE.failedPrecondition:
      return deleted(error);
    case CODE.permissionDenied:
    case CODE.unauthenticated:
      return denied(error);
    case CODE.invalidArgument:
      return final('invalid', 'KurrentDB does not accept this request', error);
    case CODE.unimplemented:
      return final('unsupported', 'This server does not support the request', error);
    default:
      return REPEAT_WITH_NEW_CLIENT;
  }
}

function deleted(cause: unknown): ErrorClass {
  return { kind: 'final', error: new StreamError('integrity', sayDeleted, cause) };
}

function denied(cause: unknown): ErrorClass {
  const say = (stream?: string): string =>
    `KurrentDB denied access${stream === undefined ? '' : ` to ${stream}`}. Check the user and password, and the user’s ` +
    `rights to read and write.${saidBy(cause)}`;
  return { kind: 'final', error: new StreamError('denied', say, cause) };
}

function tooLarge(cause: unknown): ErrorClass {
  return final(
    'too-large',
    'This append has more bytes than KurrentDB accepts at once. Append in parts',
    cause,
  );
}

function final(code: StoreError['code'], sentence: string, cause: unknown): ErrorClass {
  return { kind: 'final', error: new StoreError(code, `${sentence}.${saidBy(cause)}`, { cause }) };
}

function saidBy(cause: unknown): string {
  const said = describeError(cause);
  return said === '' ? '' : ` (It said: ${said})`;
}

/** The error's message on one line, or its type where the message is empty. */
export function describeError(error: unknown): string {
  const { message, type } = error as { message?: string; type?: string };
  return (message || type || '').replaceAll(/\s+/g, ' ').slice(0, 200);
}
