import { createHash } from 'node:crypto';
import { openCheckpoint, type Checkpoint } from '../tlog/checkpoint.js';
import { cosignatureVerifier } from '../tlog/cosignature.js';
import { LedgerError } from '../tlog/error.js';
import { ed25519Verifier, parseVkey } from '../tlog/note.js';
import { ed25519Verify } from '../signing/ed25519.js';
import { originOf } from '../lab/origins.js';
import type { Engine } from '../recording/engine.js';
import type { LedgerFolder } from './ledger-folder.js';
import { sha256 } from '../shared/sha256.js';
import { bounded, reasonOf } from './witness-client.js';
import { witnessesOf, type Witness } from './witnesses.js';

/** The last checkpoint that a witness cosigned, compared with the lab log here. */
export interface WitnessHead {
  readonly name: string;
  readonly url: string;
  /**
   * `agrees`: its checkpoint is a prefix of this log. `ahead`: it has cosigned more than is here, so this is an older
   * copy. `differs`: it has cosigned another log under this name. The last two are proved by signatures of both.
   */
  readonly state: 'agrees' | 'ahead' | 'differs' | 'unknown' | 'unavailable';
  readonly size?: number;
  readonly detail?: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Asks each witness for the last checkpoint that it cosigned and compares it with the lab log. The address is the
 * monitoring address of later C2SP tlog-witness versions, under the address for submissions. Nothing is sent.
 */
export async function witnessHeads(engine: Engine, folder: LedgerFolder): Promise<WitnessHead[]> {
  return Promise.all(witnessesOf(folder.config.witnesses).map((witness) => compared(engine, witness)));
}

async function compared(engine: Engine, witness: Witness): Promise<WitnessHead> {
  const { name, url } = witness;
  const lab = await engine.lab();
  const origin = originOf(lab.facility, 'lab');
  let note: string | undefined;
  try {
    note = await latestNote(url, origin);
  } catch (error) {
    return { name, url, state: 'unavailable', detail: reasonOf(error) };
  }
  if (note === undefined)
    return { name, url, state: 'unknown', detail: 'it has no checkpoint of this lab, or shows none' };
  const keys = (lab.keys.get(origin) ?? []).map(({ vkey }) => vkey);
  const head = cosigned(note, origin, keys, witness);
  if (typeof head === 'string') return { name, url, state: 'unavailable', detail: head };
  const { log, size } = await engine.log('lab');
  if (head.size > size) return { name, url, state: 'ahead', size: head.size };
  return { name, url, state: log.root(head.size) === head.root ? 'agrees' : 'differs', size: head.size };
}

/** Undefined where the witness answers 404. */
async function latestNote(prefix: string, origin: string): Promise<string | undefined> {
  const log = createHash('sha256').update(origin).digest('hex');
  const response = await fetch(`${prefix.replace(/\/$/, '')}/${log}/checkpoint`, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await bounded(response);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return body;
}

/** The checkpoint, where both the lab and the witness have signed it; otherwise the reason in words. */
function cosigned(
  note: string,
  origin: string,
  labKeys: readonly string[],
  { key }: Witness,
): Checkpoint | string {
  try {
    const { checkpoint, cosignatures } = openCheckpoint(
      note,
      labKeys.map((vkey) => ed25519Verifier(parseVkey(sha256, vkey), ed25519Verify)),
      [cosignatureVerifier(key, ed25519Verify, Math.floor(Date.now() / 1000))],
    );
    if (checkpoint.origin !== origin) return 'its checkpoint is of another log';
    return cosignatures.length > 0 ? checkpoint : 'its checkpoint bears no cosignature of its own';
  } catch (error) {
    if (error instanceof LedgerError) return `its answer is no checkpoint of this lab: ${error.message}`;
    throw error;
  }
}
