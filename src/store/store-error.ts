/**
 * What can go wrong in a store, by what the caller has to do about it; the same set for every adapter.
 *
 * Nothing was written where the code is not `unknown-outcome`.
 */
export type StoreErrorCode =
  /** Another writer was first: catch up to `actualSize` and decide again. */
  | 'conflict'
  /** The append itself makes no sense (no records, a size below 0): an error of the program. */
  | 'invalid'
  /** More bytes than `maxAppendBytes`: append in parts. */
  | 'too-large'
  /** It may or may not have been written: repeat the same append, the same bytes at the same expected size. */
  | 'unknown-outcome'
  /** No space left. The store goes on working, and takes appends again once there is space. */
  | 'full'
  /** The store cannot be reached or its medium does not obey. The same append may be tried again later. */
  | 'unavailable'
  /** Opened for reading only. */
  | 'read-only'
  /** Another process is the writer; `holder` says which, as far as it is known. */
  | 'locked'
  /** There is no ledger in that place. */
  | 'missing'
  /** The store is there and does not let us: credentials, or rights. Nothing changes by trying again. */
  | 'denied'
  /** The address of the store cannot be used as it is written. */
  | 'address'
  /** Written by a later version of this program, or by another program. */
  | 'unsupported'
  /** What is stored contradicts itself: a gap, a damaged file. Stop writing, keep the files, run `verify`. */
  | 'integrity'
  /** Used after it was closed. */
  | 'closed';

/** The process that holds a ledger. It is what that process wrote about itself, for a person to read. */
export interface Holder {
  readonly pid: number;
  readonly what: string;
  readonly since: string;
  readonly host: string;
}

interface Details {
  readonly actualSize?: number;
  readonly holder?: Holder;
  readonly cause?: unknown;
}

/** The one error that crosses the port; `message` is for the person who has to act on it. */
export class StoreError extends Error {
  /** With `conflict`: how many records the stream holds. */
  readonly actualSize: number | undefined;
  /** With `locked`: who is the writer, where that could be read. */
  readonly holder: Holder | undefined;

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    details: Details = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'StoreError';
    this.actualSize = details.actualSize;
    this.holder = details.holder;
  }
}

/** Whether something caught is a store's error, and, where a code is named, that one. */
export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return error instanceof StoreError && (code === undefined || error.code === code);
}

/** A conflict tells both sizes, so that a log line is enough to see who was ahead. */
export function conflict(stream: string, expectedSize: number, actualSize: number): StoreError {
  return new StoreError(
    'conflict',
    `Stream ${stream} holds ${actualSize} records, not the ${expectedSize} this append was decided on. ` +
      'Read the rest and decide again.',
    { actualSize },
  );
}
