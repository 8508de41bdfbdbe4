/** Why ledger code refused its input; stable, for programs. The message is for people. */
export type LedgerErrorCode =
  | 'profile-type'
  | 'profile-name'
  | 'profile-number'
  | 'profile-string'
  | 'profile-depth'
  | 'json-syntax'
  | 'json-not-canonical'
  | 'bad-encoding'
  | 'bad-hash'
  | 'out-of-range'
  | 'too-large'
  | 'bad-key'
  | 'bad-note'
  | 'bad-signature'
  | 'unknown-signer'
  | 'bad-checkpoint'
  | 'bad-cosignature'
  | 'signed-later'
  | 'bad-proof'
  | 'bad-disclosure'
  | 'bad-policy'
  | 'unknown-origin'
  | 'no-quorum';

/** The one error that ledger code throws on purpose; anything else out of this folder is a defect. */
export class LedgerError extends Error {
  override readonly name: string = 'LedgerError';

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
  ) {
    super(message);
  }
}
