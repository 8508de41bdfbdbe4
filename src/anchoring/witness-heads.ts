import { originOf } from '../lab/origins.js';
import { sha256Hex } from '../shared/sha256.js';
import { ed25519Verify } from '../signing/ed25519.js';
import { readSignedHead } from '../signing/signed-note.js';
import { parseCheckpoint, type Checkpoint } from '../tlog/checkpoint.js';
import { cosignatureVerifier } from '../tlog/cosignature.js';
import { LedgerError } from '../tlog/error.js';
import type { TreeHead } from '../tlog/merkle.js';
import { openNote, parseNote, type VerifierKey } from '../tlog/note.js';
import { signatureLine } from '../tlog/sign.js';
import { requireSafeAddresses } from './addresses.js';
import type { LedgerFolder } from './ledger-folder.js';
import type { LabReader } from './watch.js';
import { bounded, reasonOf } from './witness-client.js';
import { witnessesOf, type Witness } from './witness.js';

/** The last checkpoint that a witness shows, compared with the lab log here. */
export interface WitnessHead {
  readonly name: string;
  readonly url: string;
  /**
   * `agrees`: its checkpoint is a prefix of this log, and it has cosigned it. `ahead`: it is of more records than are here,
   * so this is an older copy. `differs`: it is of another log under this name. For the last two, the signature of this
   * lab or the witness's cosignature is enough: nobody else could have made them.
   */
  readonly state: 'agrees' | 'ahead' | 'differs' | 'unknown' | 'unavailable';
  readonly size?: number;
  readonly detail?: string;
}

/** A head that this lab signed and that its log contradicts. */
export interface ContradictingHead extends TreeHead {
  /** With the signatures of this lab alone. */
  readonly note: string;
  readonly is: 'larger' | 'other';
}

const TIMEOUT_MS = 10_000;

/** Asks each witness for the last checkpoint that it cosigned and compares it with the lab log. Nothing is sent. */
export async function witnessHeads(reader: LabReader, { config }: LedgerFolder): Promise<WitnessHead[]> {
  requireSafeAddresses(config);
  return Promise.all(witnessesOf(config.witnesses).map((witness) => compared(reader, witness)));
}

/** The proof of what a witness claims, where it shows one. */
export async function contradictingHead(
  reader: LabReader,
  { url }: Witness,
): Promise<ContradictingHead | undefined> {
  const note = await latestNote(url, originOfLab(reader)).catch(() => undefined);
  const head = note === undefined ? undefined : ownHead(reader, note);
  const state = head && (await stateOf(reader, head));
  if (!head || state === 'agrees') return undefined;
  return { ...head, is: state === 'ahead' ? 'larger' : 'other' };
}

async function compared(reader: LabReader, witness: Witness): Promise<WitnessHead> {
  const { name, url, key } = witness;
  let note: string | undefined;
  try {
    note = await latestNote(url, originOfLab(reader));
  } catch (error) {
    return { name, url, state: 'unavailable', detail: reasonOf(error) };
  }
  if (note === undefined)
    return { name, url, state: 'unknown', detail: 'it has no checkpoint of this lab, or shows none' };
  const own = ownHead(reader, note);
  const cosigned = cosignedHead(reader, note, key);
  const unusable = (detail: string): WitnessHead => ({ name, url, state: 'unavailable', detail });
  if (typeof cosigned === 'string' && !own)
    return unusable(`its answer is no checkpoint of this lab: ${cosigned}`);
  const head = own ?? (cosigned as Checkpoint);
  const state = await stateOf(reader, head);
  if (state === 'agrees' && typeof cosigned === 'string')
    return unusable(`its checkpoint bears no cosignature of its own: ${cosigned}`);
  // Another key signed it: then it is of another log, however long that is.
  return { name, url, state: state === 'ahead' && !own ? 'differs' : state, size: head.size };
}

async function stateOf(reader: LabReader, { size, root }: TreeHead): Promise<'agrees' | 'ahead' | 'differs'> {
  if (!(await reader.reaches('lab', size))) return 'ahead';
  const { log } = await reader.log('lab');
  return log.root(size) === root ? 'agrees' : 'differs';
}

function originOfLab({ labNow }: LabReader): string {
  return originOf(labNow.facility, 'lab');
}

/**
 * The monitoring address of later C2SP tlog-witness versions, under the address for submissions. Undefined where the
 * witness answers 404.
 */
async function latestNote(prefix: string, origin: string): Promise<string | undefined> {
  const response = await fetch(`${prefix.replace(/\/$/, '')}/${sha256Hex(origin)}/checkpoint`, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await bounded(response);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return body;
}

/** The head in a note that this lab signed, with its own signatures alone. */
function ownHead(reader: LabReader, text: string): (TreeHead & { readonly note: string }) | undefined {
  const origin = originOfLab(reader);
  const head = readSignedHead(text, origin, reader.labNow.keys.get(origin) ?? []);
  if (!head) return undefined;
  const note = parseNote(text);
  const lines = head.signers.flatMap((key) =>
    note.signatures
      .filter(({ name, id }) => name === key.name && id === key.id)
      .map(({ signature }) => signatureLine(key, signature)),
  );
  return { size: head.size, root: head.root, note: `${note.text}\n${lines.join('')}` };
}

/** The checkpoint of this lab's name that the witness has cosigned; otherwise the reason in words. */
function cosignedHead(reader: LabReader, note: string, key: VerifierKey): Checkpoint | string {
  try {
    const now = Math.floor(Date.now() / 1000);
    const { text } = openNote(note, [cosignatureVerifier(key, ed25519Verify, now)]);
    const checkpoint = parseCheckpoint(text);
    return checkpoint.origin === originOfLab(reader) ? checkpoint : 'its checkpoint is of another log';
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return error.message;
  }
}
