import { counted } from '../shared/counted.js';
/**
 * The errors of a store, one for each thing that the caller can do about it; the same for every adapter.
 *
 * With every code except `unknown-outcome`, nothing was written.
 */
export type StoreErrorCode =
  /** Another writer was first: read up to `actualSize` and decide again. */
  | 'conflict'
  /** The append is malformed (no records, a size below 0): a programming error. */
  | 'invalid'
  /** More bytes than `maxAppendBytes`: append in parts. */
  | 'too-large'
  /** The append may or may not be written: repeat it, the same bytes at the same expected size. */
  | 'unknown-outcome'
  /** No space left. The store keeps working, and accepts appends again once there is space. */
  | 'full'
  /** The store cannot be reached, or its disk fails. The same append may be tried again later. */
  | 'unavailable'
  /** Opened for reading only. */
  | 'read-only'
  /** Another process is the writer; `holder` says which, if known. */
  | 'locked'
  /** There is no ledger there. */
  | 'missing'
  /** The store denies access: wrong credentials, or missing rights. Trying again does not help. */
  | 'denied'
  /** The address of the store is wrong. */
  | 'address'
  /** The store was written by a later version of this program, or by another program. */
  | 'unsupported'
  /** The stored data is inconsistent: a gap, a damaged file. Stop writing, keep the files, run `verify`. */
  | 'integrity'
  /** The store was closed before. */
  | 'closed';

/** The process that holds a ledger's lock, as it described itself. For a person to read. */
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

/** The only error that an adapter throws on purpose. `message` is for the person who has to act on it. */
export class StoreError extends Error {
  /** With `conflict`: how many records the stream holds. */
  readonly actualSize: number | undefined;
  /** With `locked`: the writer, if that could be read. */
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

/** Whether a caught value is a StoreError, and of this code if one is given. */
export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return error instanceof StoreError && (code === undefined || error.code === code);
}

/** Whether one log alone cannot be read, because it is damaged or access to it is denied: the others go on. */
export function concernsOneLog(error: unknown): error is StoreError {
  return isStoreError(error, 'integrity') || isStoreError(error, 'denied');
}

/** The message names both sizes, so that a log line alone shows which side was ahead. */
export function conflictError(stream: string, expectedSize: number, actualSize: number): StoreError {
  return new StoreError(
    'conflict',
    `Stream ${stream} holds ${counted(actualSize, 'record')}; this append expected ${expectedSize}. ` +
      'Read the rest and decide again.',
    { actualSize },
  );
}
