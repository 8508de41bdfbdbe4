import type { LogName } from '../lab/origins.js';
import { refuse, type Refusal } from '../study/refusal.js';

export type SigningCode =
  /** The store holds fewer records than were signed, anchored or published: an old backup was put in its place. */
  | 'store-behind-mark'
  /** The store holds other records than were signed, anchored or published. */
  | 'store-inconsistent'
  /** Witnesses claim to remember another lab log than this one, and the others cannot make the quorum. */
  | 'witness-inconsistent'
  /** This log has signed before, and its signed head is gone. */
  | 'mark-missing'
  | 'mark-unreadable'
  | 'marks-unavailable'
  | 'key-missing'
  /** The seed is not the one whose keys the lab has published. */
  | 'key-mismatch'
  /** The lab policy beside the records is not the one of which the lab holds the digest. */
  | 'policy-mismatch';

/** Why a log does not sign. Recording goes on, unless the store contradicts what was signed. */
export class SigningError extends Error {
  override readonly name = 'SigningError';

  constructor(
    readonly code: SigningCode,
    readonly log: LogName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The answer to a command where recording has to stop: going on would use again numbers that were signed. */
  get refusal(): Refusal | undefined {
    const { code, message } = this;
    return code === 'store-behind-mark' || code === 'store-inconsistent' ? refuse(code, message) : undefined;
  }
}
