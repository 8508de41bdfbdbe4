/**
 * What a person states once, before the first signature. Its digest stands in the record, so the text is never changed: a
 * new wording is a new text beside this one.
 */
export const ATTESTATION =
  'My electronic signature in this ledger binds me as one by hand does: I make it with a passkey that nobody else uses, over records that I was shown, in the meaning that stands beside it.';

/** Of the text in UTF-8, hex. */
export const ATTESTATION_SHA256 = '24af1b1f14e44598de942f89aee74cd302c1f7b4d231242872576e2c8f4776ff';
