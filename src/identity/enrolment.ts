import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { Type } from '../study/schema-types.js';
import { mismatch } from '../study/mismatch.js';
import { described } from '../study/schema.js';
import { fromBase64url } from '../tlog/encoding.js';
import { isOneCborMap } from '../webauthn/cbor.js';
import { clientDataFault, type ClientDataFault } from '../webauthn/client-data.js';
import { ALGORITHMS, type Algorithm } from '../webauthn/public-key.js';
import { publicKeyOf, type CoseKey } from './cose-key.js';

/** Of bytes in base64url. A credential id has 1023 bytes at most. */
const MAX_ID_CHARACTERS = 1364;
const MAX_CHARACTERS = 20_000;

const bytes = (maxLength: number) =>
  described('bytes in base64url', { maxLength, pattern: '^[A-Za-z0-9_-]+$' });

/** What `PublicKeyCredential.toJSON()` gives after `navigator.credentials.create()`; other members are not looked at. */
export const RegistrationResponse = Type.Object({
  id: bytes(MAX_ID_CHARACTERS),
  rawId: bytes(MAX_ID_CHARACTERS),
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.Unknown()),
  response: Type.Object({
    clientDataJSON: bytes(MAX_CHARACTERS),
    attestationObject: bytes(MAX_CHARACTERS),
  }),
});

export interface ExpectedRegistration {
  /** Base64url without padding. */
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  /** `device-bound` refuses passkeys that can be copied to other devices. */
  readonly passkeys: 'any' | 'device-bound';
}

/** What a credential is enrolled with. Bytes are base64url without padding. */
export interface DecodedCredential {
  readonly credentialId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
  readonly alg: Algorithm;
  readonly rpId: string;
  readonly backupEligible: boolean;
  readonly attachment: 'platform' | 'cross-platform' | 'unknown';
  readonly counter: number;
}

/**
 * Stable, for programs. `attestation`: another site, no user presence or verification, an algorithm or an attestation
 * that is not accepted, or bytes that are none. `key`: a key that is weak or none.
 */
export type RegistrationFault = 'form' | ClientDataFault | 'attestation' | 'key' | 'backup-eligible';

export interface WrongRegistration {
  readonly wrong: RegistrationFault;
}

/** No attestation is asked for, so nothing here proves who holds the key: the first sign-in does. */
export async function decodeRegistration(
  body: unknown,
  expected: ExpectedRegistration,
): Promise<DecodedCredential | WrongRegistration> {
  if (!isRegistration(body)) return { wrong: 'form' };
  const { challenge, origin, rpId } = expected;
  const clientData = fromBase64url(body.response.clientDataJSON);
  const fault = clientDataFault(clientData, { type: 'webauthn.create', challenge, origin });
  if (fault) return { wrong: fault };
  const registered = await verified(body, expected).catch(() => undefined);
  if (registered?.credential.id !== body.id) return { wrong: 'attestation' };
  const key = publicKeyOf(registered.coseKey);
  if (!key) return { wrong: 'key' };
  const backupEligible = registered.credentialDeviceType === 'multiDevice';
  if (backupEligible && expected.passkeys === 'device-bound') return { wrong: 'backup-eligible' };
  return {
    credentialId: body.id,
    publicKey: key.spki.toString('base64url'),
    alg: key.alg,
    rpId,
    backupEligible,
    attachment: attachmentOf(body.authenticatorAttachment),
    counter: registered.credential.counter,
  };
}

/** Also whether every text is base64url to the letter, and the attestation object one CBOR map with nothing after it. */
function isRegistration(body: unknown): body is RegistrationResponseJSON {
  if (mismatch(RegistrationResponse, body)) return false;
  const { id, response } = body as RegistrationResponseJSON;
  try {
    fromBase64url(id);
    fromBase64url(response.clientDataJSON);
    return isOneCborMap(fromBase64url(response.attestationObject));
  } catch {
    return false;
  }
}

/** @throws Error of the library, for people who debug it: its messages hold values of the request. */
async function verified(
  response: RegistrationResponseJSON,
  { challenge, origin, rpId }: ExpectedRegistration,
) {
  // It has 200 modules, and most processes never enrol anybody.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { decodeAttestationObject, isoCBOR } = await import('@simplewebauthn/server/helpers');
  const attestation = new Uint8Array(fromBase64url(response.response.attestationObject));
  if (!isWithoutCertificates(decodeAttestationObject(attestation))) return undefined;
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!registrationInfo) return undefined;
  return {
    ...registrationInfo,
    coseKey: isoCBOR.decodeFirst<CoseKey>(registrationInfo.credential.publicKey),
  };
}

/** Browsers leave an attestation out where none is asked for, but for one by the key itself (WebAuthn, section 5.1.3). */
function isWithoutCertificates(attestation: {
  get(name: 'fmt'): string;
  get(name: 'attStmt'): { get(name: 'x5c'): unknown };
}): boolean {
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

function attachmentOf(attachment: unknown): DecodedCredential['attachment'] {
  return attachment === 'platform' || attachment === 'cross-platform' ? attachment : 'unknown';
}
