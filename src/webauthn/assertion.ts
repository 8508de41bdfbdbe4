/** Assertions of passkeys, checked as WebAuthn Level 3, section 7.2 asks: by the server and, offline, by the verifier. */
import { fromBase64url, utf8 } from '../tlog/encoding.js';
import { parseAuthenticatorData } from './authenticator-data.js';
import { clientDataFault, type ClientDataFault } from './client-data.js';
import { isAlgorithm } from './public-key.js';
import { isSignedBy, type AssertionCrypto, type SignedAssertion } from './signature.js';

/** As browsers give it: bytes are base64url without padding. */
export interface Assertion {
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

/** The key as it was enrolled. */
export interface EnrolledKey {
  /** COSE algorithm. */
  readonly alg: number;
  /** SubjectPublicKeyInfo, base64url. */
  readonly publicKey: string;
  readonly rpId: string;
  readonly backupEligible: boolean;
}

export interface ExpectedAssertion {
  /** Base64url without padding. */
  readonly challenge: string;
  readonly origin: string;
  /** The highest one seen of this key. Left out, the counter is not judged: whoever asks does it. */
  readonly counter?: number;
}

export interface CheckedAssertion {
  /** 0 where the authenticator does not count. */
  readonly counter: number;
  readonly backedUp: boolean;
}

/** Stable, for programs. `encoding`: not base64url. `backup`: a key that cannot be copied says that it can, or the reverse. */
export type AssertionFault =
  | 'encoding'
  | ClientDataFault
  | 'authenticator-data'
  | 'rp-id'
  | 'user-presence'
  | 'user-verification'
  | 'backup'
  | 'signature'
  | 'counter';

export interface WrongAssertion {
  readonly wrong: AssertionFault;
}

/** The counter is judged last: only a key that did sign can have one that falls. */
export function checkAssertion(
  assertion: Assertion,
  key: EnrolledKey,
  expected: ExpectedAssertion,
  crypto: AssertionCrypto,
): CheckedAssertion | WrongAssertion {
  const bytes = decoded(assertion, key);
  if (!bytes) return { wrong: 'encoding' };
  const { challenge, origin } = expected;
  const fault = clientDataFault(bytes.clientDataJSON, { type: 'webauthn.get', challenge, origin });
  if (fault) return { wrong: fault };
  const data = parseAuthenticatorData(bytes.authenticatorData);
  if (!data) return { wrong: 'authenticator-data' };
  if (data.rpIdHash !== crypto.sha256(utf8(key.rpId))) return { wrong: 'rp-id' };
  if (!data.isUserPresent) return { wrong: 'user-presence' };
  if (!data.isUserVerified) return { wrong: 'user-verification' };
  if (data.isBackupEligible !== key.backupEligible) return { wrong: 'backup' };
  if (!isAlgorithm(key.alg) || !isSignedBy(key.alg, bytes.publicKey, bytes, crypto))
    return { wrong: 'signature' };
  if (!isCounterAbove(data.counter, expected.counter)) return { wrong: 'counter' };
  return { counter: data.counter, backedUp: data.isBackedUp };
}

/** An authenticator that does not count gives 0 for ever; all others count up. */
export function isCounterAbove(counter: number, highest: number | undefined): boolean {
  return highest === undefined || counter > highest || (counter === 0 && highest === 0);
}

function decoded(
  { authenticatorData, clientDataJSON, signature }: Assertion,
  { publicKey }: EnrolledKey,
): (SignedAssertion & { publicKey: Uint8Array }) | undefined {
  try {
    return {
      authenticatorData: fromBase64url(authenticatorData),
      clientDataJSON: fromBase64url(clientDataJSON),
      signature: fromBase64url(signature),
      publicKey: fromBase64url(publicKey),
    };
  } catch {
    return undefined;
  }
}
