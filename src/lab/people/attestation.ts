import { sha256Hex } from '../../shared/sha256.js';

/**
 * What a person states once, before the first signature. Its digest stands in the record, so the text is never changed: a
 * new wording is a new text beside this one.
 */
export const ATTESTATION =
  'My electronic signature in this ledger binds me as one by hand does: I make it with a passkey that nobody else uses, over records that I was shown, in the meaning that stands beside it.';

export const ATTESTATION_SHA256 = sha256Hex(ATTESTATION);
