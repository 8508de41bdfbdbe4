import { counted } from '../shared/counted.js';
import { openCheckpoint } from '../tlog/checkpoint.js';
import { cosignatureVerifier } from '../tlog/cosignature.js';
import { LedgerError } from '../tlog/error.js';
import { parsePolicy, verifyCheckpoint } from '../tlog/policy.js';
import { ed25519Verifier, parseVkey, type VerifierKey } from '../tlog/note.js';
import { signatureLine } from '../tlog/sign.js';
import { ed25519Verify } from '../signing/ed25519.js';
import type { Lab } from '../lab/lab.js';
import { originOf } from '../lab/origins.js';
import { NEVER, type AnchorsFolder, type Claim, type Contact } from './anchors-folder.js';
import { isWitnessed } from './lab-policy.js';
import { sha256 } from '../shared/sha256.js';
import type { LabReader } from './watch.js';
import { addCheckpoint } from './witness-client.js';
import { contradictingHead, type ContradictingHead } from './witness-heads.js';
import type { Witness } from './witness.js';

const FIRST_DELAY_MS = 15_000;
const LONGEST_DELAY_MS = 15 * 60_000;

/** How long to wait after so many failures in a row. */
export function delayAfter(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}

/** Who is told what a witness says of this lab log. */
export interface WitnessEvents {
  /** It shows a head that this lab signed and that its log contradicts. */
  proved(witness: Witness, head: ContradictingHead): void;
  /** It says so without proof, or has taken that back. */
  claimed(witness: Witness, detail: string | undefined): void;
}

/**
 * Sends lab checkpoints to witnesses, to each independently. A witness that says that it has seen another or a longer lab
 * log than this one is asked for the proof: a head that this lab signed. Without one it is disputed until it cosigns.
 */
export class Witnesses {
  constructor(
    private readonly folder: AnchorsFolder,
    private readonly clock: () => number,
    readonly all: readonly Witness[],
    private readonly events: WitnessEvents,
  ) {}

  /** Sends a published checkpoint to those whom it is due to; resolves when all have answered or failed. */
  async send(
    reader: LabReader,
    checkpoint: { readonly size: number; readonly note: string },
    isDue: (contact: Contact) => boolean,
  ): Promise<void> {
    const due = this.all.filter(({ id }) => isDue(this.contact(id)));
    await Promise.all(due.map((witness) => this.#sendTo(reader, witness, checkpoint)));
  }

  contact(id: string): Contact {
    return this.folder.state.witnesses[id] ?? NEVER;
  }

  async #sendTo(
    reader: LabReader,
    witness: Witness,
    { size, note }: { size: number; note: string },
  ): Promise<void> {
    const { log: tree } = await reader.log('lab');
    let old = Math.min(this.contact(witness.id).size, size);
    for (let attempt = 0; attempt < 2; attempt++) {
      const proof = old > 0 && old < size ? tree.consistencyProof(old, size) : [];
      const answer = await addCheckpoint(witness.url, { old, proof, note });
      switch (answer.kind) {
        case 'cosigned':
          return this.#cosigned(reader.labNow, witness, size, note, answer.body);
        case 'other-size':
          if (!(await reader.reaches('lab', answer.size)))
            return this.#contradicted(
              reader,
              witness,
              `it has cosigned ${counted(answer.size, 'record')}`,
              answer.size,
            );
          // It knows a larger checkpoint of ours: another process published it, and the next round sends a larger one.
          if (answer.size > size) return this.#answered(witness, answer.size, this.contact(witness.id).claim);
          old = answer.size;
          break;
        case 'inconsistent':
          return this.#contradicted(reader, witness, answer.detail);
        case 'misconfigured':
        case 'unavailable':
          return this.#unusable(witness, answer.detail);
      }
    }
    this.#unusable(witness, 'its size changes from one answer to the next');
  }

  /** Keeps the answer as it came. Then only the lines that verify by the witness's own key are taken. */
  #cosigned(lab: Lab, witness: Witness, size: number, note: string, body: string): void {
    this.folder.keepAnswer(size, witness.id, body);
    try {
      const now = Math.floor(this.clock() / 1000);
      const { cosignatures } = openCheckpoint(
        note + body,
        labKeys(lab).map((key) => ed25519Verifier(key, ed25519Verify)),
        [cosignatureVerifier(witness.key, ed25519Verify, now)],
      );
      if (cosignatures.length === 0)
        return this.#unusable(witness, 'its answer holds no cosignature by its key');
      const lines = cosignatures.map(({ key, signature }) => signatureLine(key, signature)).join('');
      this.folder.keepCosignature(size, witness.id, lines);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return this.#unusable(witness, `its cosignature is not one: ${error.message}`);
    }
    const { claim } = this.contact(witness.id);
    this.#answered(witness, size);
    if (claim) this.events.claimed(witness, undefined);
  }

  async #contradicted(reader: LabReader, witness: Witness, detail: string, larger?: number): Promise<void> {
    const { claim: before } = this.contact(witness.id);
    const head = await contradictingHead(reader, witness);
    const claim: Claim = {
      ...(larger !== undefined && { larger }),
      ...(before?.isDismissed && { isDismissed: true }),
    };
    this.#failed(witness, detail, head ? undefined : claim);
    if (head) this.events.proved(witness, head);
    else if (!before || before.larger !== larger) this.events.claimed(witness, detail);
  }

  #answered({ id }: Witness, size: number, claim?: Claim): void {
    this.#remember(id, { size, at: this.clock(), failures: 0, next: 0, ...(claim && { claim }) });
  }

  /** A witness that cannot be reached takes nothing back. */
  #unusable(witness: Witness, problem: string): void {
    this.#failed(witness, problem, this.contact(witness.id).claim);
  }

  #failed({ id }: Witness, problem: string, claim: Claim | undefined): void {
    const { size, at, failures } = this.contact(id);
    const next = this.clock() + delayAfter(failures + 1);
    this.#remember(id, { size, at, failures: failures + 1, next, problem, ...(claim && { claim }) });
  }

  #remember(id: string, contact: Contact): void {
    this.folder.remember({ witnesses: { ...this.folder.state.witnesses, [id]: contact } });
  }
}

function labKeys({ facility, keys }: Lab): VerifierKey[] {
  return (keys.get(originOf(facility, 'lab')) ?? []).map(({ vkey }) => parseVkey(sha256, vkey));
}

/** A published lab checkpoint with every cosignature that is kept for it. */
export function cosignedNote(
  folder: AnchorsFolder,
  size: number,
  which: 'first' | 'latest' = 'first',
): string | undefined {
  const note = folder.noteAt('lab', size);
  return note === undefined ? undefined : note + folder.cosignatures(size, which).join('');
}

/**
 * How fresh the quorum under a checkpoint is: the time of the oldest answer that it needs. Undefined where there is none,
 * and where the policy asks for none.
 */
export function quorumTime(
  witnesses: Witnesses,
  anchors: AnchorsFolder,
  policy: string,
  { size, note }: { readonly size: number; readonly note: string },
  nowMs: number,
): number | undefined {
  const heard = witnesses.all
    .map(({ id }) => ({ id, at: witnesses.contact(id).at }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at);
  let cosigned = note;
  for (const { id, at } of heard) {
    cosigned += anchors.cosignature(size, id) ?? '';
    if (hasQuorum(policy, cosigned, nowMs)) return at;
  }
  return undefined;
}

/** False where the policy asks for no witness. */
export function hasQuorum(policyText: string, note: string, nowMs: number): boolean {
  try {
    const policy = parsePolicy(sha256, policyText);
    if (!isWitnessed(policy)) return false;
    verifyCheckpoint(note, policy, { verify: ed25519Verify, now: Math.floor(nowMs / 1000) });
    return true;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}
