import { parseCheckpoint, type Checkpoint } from '../../../tlog/checkpoint.js';
import { utf8 } from '../../../tlog/encoding.js';
import { ED25519, parseNote, parseVkey, type VerifierKey } from '../../../tlog/note.js';
import { sha256 } from './sha256.js';

export interface SignedState {
  readonly checkpoint: Checkpoint;
  /**
   * `signed` by `key`. `forged`: a line says that the key signed, and it did not. `unsigned`: no line is of a key that this
   * page knows. `unchecked`: this browser does not offer Ed25519 here.
   */
  readonly signature: 'signed' | 'forged' | 'unsigned' | 'unchecked';
  readonly key: VerifierKey | undefined;
}

/** Takes a signed note apart and checks its signature in this browser. @throws LedgerError where it is no checkpoint. */
export async function readSignedState(note: string, keys: readonly VerifierKey[]): Promise<SignedState> {
  const { text, signatures } = parseNote(note);
  const checkpoint = parseCheckpoint(text);
  const own = keys.filter(({ name, type }) => name === checkpoint.origin && type === ED25519);
  let signature: SignedState['signature'] = 'unsigned';
  let signer: VerifierKey | undefined;
  for (const line of signatures) {
    const key = own.find(({ name, id }) => name === line.name && id === line.id);
    if (!key) continue;
    signer = key;
    const holds = await isSigned(key.publicKey, utf8(text), line.signature);
    signature = holds === undefined ? 'unchecked' : holds ? 'signed' : 'forged';
    // As in `openNote`, one bad signature by a known key condemns the note.
    if (signature === 'forged') break;
  }
  return { checkpoint, signature, key: signer };
}

/** Undefined where the browser has no Ed25519, or offers it on secure addresses only and this is none. */
async function isSigned(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean | undefined> {
  const { subtle } = globalThis.crypto;
  if ((subtle as SubtleCrypto | undefined) === undefined) return undefined;
  let key: CryptoKey;
  try {
    key = await subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
  } catch {
    return undefined;
  }
  return subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
}

/** The keys that the frame of the page names, those in force last. @throws LedgerError. */
export function keysNamed(vkeys: string): VerifierKey[] {
  return vkeys
    .split(' ')
    .filter(Boolean)
    .map((vkey) => parseVkey(sha256, vkey));
}
