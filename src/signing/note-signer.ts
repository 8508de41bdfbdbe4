import { counted } from '../shared/counted.js';
import type { PublishedKey } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import type { StreamTree } from '../recording/open-stream.js';
import { withoutFolders } from '../shared/without-folders.js';
import { utf8 } from '../tlog/encoding.js';
import type { TreeHead } from '../tlog/merkle.js';
import { parseNote } from '../tlog/note.js';
import { addSignatures, signCheckpoint, signatureLine } from '../tlog/sign.js';
import type { KeyRing, LogKey } from './key-ring.js';
import type { SignedHeadStore } from './signed-head-store.js';
import { readSignedHead, type ReadHead, type SignedHead } from './signed-note.js';
import { SigningError } from './signing-error.js';

/** What signing needs to know of a log. */
export interface SignableLog {
  readonly name: LogName;
  readonly origin: string;
  readonly tree: StreamTree;
  readonly damaged: number | undefined;
  /** By what the lab has published: the key in force comes last. */
  readonly keys: readonly PublishedKey[];
  /** Heads that are kept elsewhere: the last anchor in the lab, the last published lab checkpoint. */
  readonly known: readonly TreeHead[];
  /** The lab signs as soon as it is made. Where its signed head is missing, the folder of signed heads is not the one it was. */
  readonly hasSigned: boolean;
  /** Whether the last record is in the store as it was folded. */
  stands(): Promise<boolean>;
}

const MAX_SWAPS = 8;

/**
 * Signs tree heads, and never two that contradict each other: load the last signed head, compare, sign, swap it for the
 * new one and sync that, and only then hand the note out. Where another process swapped first, all of this begins anew.
 */
export class NoteSigner {
  readonly #last = new Map<LogName, TreeHead>();

  constructor(
    readonly ring: KeyRing | undefined,
    private readonly heads: SignedHeadStore,
  ) {}

  /** Compares a log with its last signed head and the others that are known; returns the former. @throws SigningError. */
  async check(log: SignableLog): Promise<ReadHead | undefined> {
    if (log.damaged !== undefined) throw inconsistent(log, log.damaged + 1);
    const signed = await this.#load(log);
    const last = this.#last.get(log.name);
    for (const head of [signed, last, ...log.known]) if (head) compare(log, head);
    return signed;
  }

  /**
   * The head of a log, signed; or the head that was signed last, where that has the size that is needed, or where this
   * process has no key.
   * @throws SigningError.
   */
  async sign(log: SignableLog, atLeast = log.tree.size): Promise<SignedHead> {
    for (let swaps = 0; swaps < MAX_SWAPS; swaps++) {
      const signed = await this.check(log);
      if (!this.ring && signed) return signed;
      const key = this.#key(log);
      const { size } = log.tree;
      if (signed && signed.size >= Math.min(atLeast, size) && isSignedBy(signed, key)) return signed;
      if (!signed && log.hasSigned) throw lostHead(log);
      if (!(await log.stands())) throw inconsistent(log, size);
      const head = { size, root: log.tree.root(size) };
      const note = this.#note(log, head, key, signed);
      if (!(await this.#swap(log, signed?.note, note))) continue;
      this.#last.set(log.name, head);
      return { ...head, note };
    }
    throw new SigningError(
      'marks-unavailable',
      log.name,
      `Other processes keep signing ${log.name}: ask again.`,
    );
  }

  /** The key of a log at an epoch. @throws SigningError `key-missing`. */
  keyOf(log: LogName, origin: string, epoch: number): LogKey {
    if (!this.ring) throw new SigningError('key-missing', log, 'There is no seed, so nothing can be signed.');
    return this.ring.key(origin, epoch);
  }

  async #load(log: SignableLog): Promise<ReadHead | undefined> {
    let note: string | undefined;
    try {
      note = await this.heads.load(log.name);
    } catch (cause) {
      throw unavailable(log, cause);
    }
    if (note === undefined) return undefined;
    if (log.name === 'lab' && log.tree.size === 0) throw lostRecords();
    const head = readSignedHead(note, log.origin, log.keys);
    if (!head) throw unreadable(log);
    return head;
  }

  async #swap(log: SignableLog, from: string | undefined, to: string): Promise<boolean> {
    try {
      return await this.heads.swap(log.name, from, to);
    } catch (cause) {
      throw unavailable(log, cause);
    }
  }

  /** The derived key, which must be the published one. */
  #key(log: SignableLog): LogKey {
    const published = log.keys.at(-1);
    const key = this.keyOf(log.name, log.origin, published?.epoch ?? 1);
    if (key.vkey === published?.vkey) return key;
    throw new SigningError(
      'key-mismatch',
      log.name,
      `The seed is not the one of this ledger: ${log.name} signs with another key. Put the right seed in its place.`,
    );
  }

  /** After a rotation the first head is signed by the old key as well, which ties the new one to it. */
  #note(log: SignableLog, head: TreeHead, key: LogKey, last: ReadHead | undefined): string {
    const checkpoint = { origin: log.origin, ...head };
    const note = signCheckpoint(checkpoint, key.key, key.sign);
    if (!last || isSignedBy(last, key)) return note;
    const { text } = parseNote(note);
    const older = log.keys
      .slice(0, -1)
      .map(({ epoch }) => this.keyOf(log.name, log.origin, epoch))
      .filter((old) => isSignedBy(last, old))
      .map((old) => signatureLine(old.key, old.sign(utf8(text))));
    return addSignatures(note, older);
  }
}

function lostHead({ name }: SignableLog): SigningError {
  return new SigningError(
    'mark-missing',
    name,
    'The signed heads are not where they should be. Bring their folder (marks) back; where it is lost, run study-ledger restore --without-source.',
  );
}

/** The keys of an empty lab are not known, so what its signed head says is not read. */
export function lostRecords(folder?: string): SigningError {
  const whose = folder === undefined ? 'this ledger' : `the ledger in ${folder}`;
  return new SigningError(
    'store-behind-mark',
    'lab',
    `The records of ${whose} are missing: a head of lab was signed, and lab holds no records. Bring them back with study-ledger restore.`,
  );
}

function unreadable({ name }: SignableLog): SigningError {
  return new SigningError(
    'mark-unreadable',
    name,
    `The signed head of ${name} (marks/${name}.note) is not a note that this log has signed. Find out who changed it; the last note that was handed out or published can take its place.`,
  );
}

function compare(log: SignableLog, { size, root }: TreeHead): void {
  if (log.tree.size < size) {
    throw new SigningError(
      'store-behind-mark',
      log.name,
      `${log.name} holds ${counted(log.tree.size, 'record')}, but ${size} were signed: the store was replaced by an older copy. Stop the server and run study-ledger restore.`,
    );
  }
  if (log.tree.root(size) !== root) throw inconsistent(log, size);
}

function inconsistent(log: SignableLog, size: number): SigningError {
  return new SigningError(
    'store-inconsistent',
    log.name,
    `The first ${size} records of ${log.name} are not those that were signed. Stop the server, keep all files as they are, and run study-ledger verify.`,
  );
}

function unavailable(log: SignableLog, cause: unknown): SigningError {
  const message = `The signed heads cannot be read or written (${withoutFolders(cause)}). Nothing is signed until they can; recording goes on.`;
  return new SigningError('marks-unavailable', log.name, message, { cause });
}

function isSignedBy(head: ReadHead, { key }: LogKey): boolean {
  return head.signers.some(({ id }) => id === key.id);
}
