import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { sha256 } from '../shared/sha256.js';
import { hashToBase64url } from '../tlog/encoding.js';
import { ALGORITHMS } from '../webauthn/public-key.js';

/** As long as a ticket is good for. */
const TIMEOUT_MS = 5 * 60_000;

export interface CreationAsked {
  readonly facility: string;
  readonly person: string;
  readonly rpId: string;
  readonly challenge: string;
  readonly passkeys: 'any' | 'device-bound';
  /** Credentials of the person that are in force: an authenticator that holds one makes no second. */
  readonly excluded: readonly string[];
}

/** For `navigator.credentials.create()`. The authenticator learns the pseudonym of the person and no name. */
export function creationOptions(asked: CreationAsked): PublicKeyCredentialCreationOptionsJSON {
  const { facility, person, rpId, challenge, passkeys, excluded } = asked;
  return {
    rp: { id: rpId, name: facility },
    user: { id: userIdOf(facility, person), name: person, displayName: person },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: descriptors(excluded),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    // Only a security key is sure to keep its passkeys to itself.
    ...(passkeys === 'device-bound' && { hints: ['security-key'] }),
    attestation: 'none',
  };
}

export interface AssertionAsked {
  readonly rpId: string;
  readonly challenge: string;
  /** Credentials of the person; left out where the passkey is to say who it is. */
  readonly allowed?: readonly string[];
}

/** For `navigator.credentials.get()`. */
export function requestOptions({
  rpId,
  challenge,
  allowed = [],
}: AssertionAsked): PublicKeyCredentialRequestOptionsJSON {
  return {
    rpId,
    challenge,
    timeout: TIMEOUT_MS,
    allowCredentials: descriptors(allowed),
    userVerification: 'required',
  };
}

/** The user handle: SHA-256 of facility, LF, person. It is the same at every enrolment, and tells nobody who it is. */
export function userIdOf(facility: string, person: string): string {
  return hashToBase64url(sha256(`${facility}\n${person}`));
}

function descriptors(ids: readonly string[]) {
  return ids.map((id) => ({ type: 'public-key' as const, id }));
}
