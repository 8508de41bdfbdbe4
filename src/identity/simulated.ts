import { hkdfSync } from 'node:crypto';
import { ed25519Key, ed25519Spki } from '../signing/ed25519.js';
import { DEMO_SEED } from '../signing/seed.js';
import { putHash, toBase64url, utf8 } from '../tlog/encoding.js';
import { sha256 } from '../shared/sha256.js';
import type { Assertion } from '../webauthn/assertion.js';
import { EDDSA } from '../webauthn/public-key.js';

/**
 * What would be random in another ledger, 32 bytes. A simulated ledger is the same wherever it is played, so everything of
 * this kind follows from the published seed and from what it is for. It keeps nothing secret.
 */
export function simulatedBytes(what: string): Uint8Array {
  const context = `study-ledger/simulated/v1\n${what}\n`;
  return new Uint8Array(hkdfSync('sha256', DEMO_SEED, new Uint8Array(0), context, 32));
}

/** The code of a link, or a token, that a command of a simulated ledger hands out. */
export function simulatedSecret(commandId: string): string {
  return toBase64url(simulatedBytes(`secret\n${commandId}`));
}

/** The passkey of a simulated person, as the command that enrols it names it. */
export function simulatedPasskey(commandId: string): {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly alg: typeof EDDSA;
} {
  const { publicKey } = ed25519Key(simulatedBytes(`passkey\n${commandId}`));
  return {
    credentialId: toBase64url(simulatedBytes(`credential id\n${commandId}`)),
    publicKey: toBase64url(ed25519Spki(publicKey)),
    alg: EDDSA,
  };
}

/** What the passkey that a command enrolled answers to a challenge: its user is present and verified, and it does not count. */
export function simulatedAssertion(
  commandId: string,
  { challenge, origin, rpId }: { readonly challenge: string; readonly origin: string; readonly rpId: string },
): Assertion & { readonly credentialId: string } {
  const clientData = utf8(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const authenticatorData = new Uint8Array(37);
  putHash(authenticatorData, 0, sha256(utf8(rpId)));
  authenticatorData[32] = PRESENT_AND_VERIFIED;
  const message = new Uint8Array(37 + 32);
  message.set(authenticatorData);
  putHash(message, 37, sha256(clientData));
  return {
    credentialId: simulatedPasskey(commandId).credentialId,
    authenticatorData: toBase64url(authenticatorData),
    clientDataJSON: toBase64url(clientData),
    signature: toBase64url(ed25519Key(simulatedBytes(`passkey\n${commandId}`)).sign(message)),
  };
}

const PRESENT_AND_VERIFIED = 0x05;
