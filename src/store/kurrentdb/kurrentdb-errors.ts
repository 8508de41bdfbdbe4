import { StoreError } from '../store-error.js';

/** The time that we gave an attempt is over; whether the server goes on with it is not known. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** An answer that ended before it said that it had. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** What the server answers to an append that it does not make, by the name of its error. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly type: string;

  constructor({ kind, message }: { readonly kind: string; readonly message: string }) {
    super(message);
    // As the client calls them: `WrongExpectedVersion` is `wrong-expected-version`.
    this.type = kind.replace(/(?<=.)(?=[A-Z])/g, '-').toLowerCase();
  }
}

/** What an error of the client means for whoever asked. */
export type Meaning =
  /** It may have happened or not: the same again. `replace`: this client object does not find its way back by itself. */
  | { readonly kind: 'unknown'; readonly replace: boolean }
  /** Not yet a conflict: only a look at the stream tells whether anybody was first. */
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'final'; readonly error: StoreError };

const RECONNECTS = { kind: 'unknown', replace: false } as const;
const STUCK = { kind: 'unknown', replace: true } as const;

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
 * Told by `type` where there is one, else by the gRPC code: errors are all named "Error", some have no message, and those
 * of a call that failed or of a server that is down no type. Some types are given only by the client's own append. What is not known here may have been written: it is unknown, never
 * refused.
 */
export function meaningOf(error: unknown): Meaning {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (error instanceof StoreError) return { kind: 'final', error };
  if (error instanceof CutShort) return RECONNECTS;
  if (error instanceof GivenUp) return STUCK;
  if (message.includes('MaximumAppendSizeExceeded')) return tooLarge(error);
  switch (typeOf(error)) {
    case 'wrong-expected-version':
      return { kind: 'wrong-version' };
    case 'unavailable':
    case 'cancelled':
    case 'not-leader':
      return RECONNECTS;
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
      return byCode(code, error);
  }
}

/** A read gives the error as it came, which names its kind in its trailing metadata. */
function typeOf(error: unknown): unknown {
  const { type, metadata } = error as { type?: unknown; metadata?: { get?(name: string): unknown[] } };
  return type ?? metadata?.get?.('exception')[0];
}

function byCode(code: unknown, error: unknown): Meaning {
  switch (code) {
    case CODE.unavailable:
    case CODE.cancelled:
      return RECONNECTS;
    case CODE.failedPrecondition:
      return deleted(error);
    case CODE.permissionDenied:
    case CODE.unauthenticated:
      return denied(error);
    case CODE.invalidArgument:
      return final('invalid', 'KurrentDB does not take this request', error);
    case CODE.unimplemented:
      return final('unsupported', 'This server does not know what is asked of it', error);
    default:
      return STUCK;
  }
}

function deleted(cause: unknown): Meaning {
  return final('integrity', 'The stream was deleted in KurrentDB. Write nothing more, and run verify', cause);
}

function denied(cause: unknown): Meaning {
  return final(
    'denied',
    'KurrentDB does not let this user do that. Look at the credentials, and at who may read and write',
    cause,
  );
}

function tooLarge(cause: unknown): Meaning {
  return final('too-large', 'KurrentDB does not take so many bytes at once. Append in parts', cause);
}

function final(code: StoreError['code'], sentence: string, cause: unknown): Meaning {
  const said = saidBy(cause);
  return {
    kind: 'final',
    error: new StoreError(code, said === '' ? `${sentence}.` : `${sentence}. (It said: ${said})`, { cause }),
  };
}

/** What an error says of itself, on one line; its type where it says nothing. */
export function saidBy(error: unknown): string {
  const { message, type } = error as { message?: string; type?: string };
  return (message || type || '').replaceAll(/\s+/g, ' ').slice(0, 200);
}
