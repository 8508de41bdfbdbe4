import { openCheckpoint } from '../tlog/checkpoint.js';
import { LedgerError } from '../tlog/error.js';
import type { TreeHead } from '../tlog/merkle.js';
import { ed25519Verifier, parseNote, parseVkey, type VerifierKey } from '../tlog/note.js';
import { ed25519Verify } from './ed25519.js';
import type { KeyRing, LogKey } from './key-ring.js';
import type { MarkStore } from './signed-heads.js';
import type { Lab, PublishedKey } from '../lab/lab.js';
import { originOf, type LogName } from '../lab/origins.js';
import { utf8, type Hash } from '../tlog/encoding.js';
import { signCheckpoint, addSignatures, signatureLine } from '../tlog/sign.js';
import type { StreamTree } from '../recording/open-stream.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { sha256 } from '../shared/sha256.js';

export type SigningCode =
  /** The store holds fewer records than were signed, anchored or published: an old backup was put in its place. */
  | 'store-behind-mark'
  /** The store holds other records than were signed, anchored or published. */
  | 'store-inconsistent'
  /** A witness remembers another lab log than this one. */
  | 'witness-inconsistent'
  /** This log has signed before, and its mark is gone. */
  | 'mark-missing'
  | 'mark-unreadable'
  | 'marks-unavailable'
  | 'key-missing'
  /** The seed at hand is not the one whose keys the lab has published. */
  | 'key-mismatch'
  /** The lab policy beside the records is not the one of which the lab holds the digest. */
  | 'policy-mismatch';

/** Why a log does not sign. Recording goes on, unless the store contradicts what was signed. */
export class SigningError extends Error {
  override readonly name = 'SigningError';

  constructor(
    readonly code: SigningCode,
    readonly log: LogName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Recording on would use numbers again that others hold a signature over. */
  get stopsRecording(): boolean {
    return this.refusal !== undefined;
  }

  /** The answer to a command where recording has to stop. */
  get refusal(): Refusal | undefined {
    const { code, message } = this;
    return code === 'store-behind-mark' || code === 'store-inconsistent' ? refuse(code, message) : undefined;
  }
}

/** A tree head with its log-signed note. */
export interface SignedHead extends TreeHead {
  readonly note: string;
}

/** What signing needs to know of a log. */
export interface SignableLog {
  readonly name: LogName;
  readonly origin: string;
  readonly tree: StreamTree;
  readonly damaged: number | undefined;
  /** By what the lab has published: the key in force comes last. */
  readonly keys: readonly PublishedKey[];
  /** Heads that stand elsewhere than in the marks: the last anchor in the lab, the last published lab checkpoint. */
  readonly known: readonly TreeHead[];
  /** The lab signs as soon as it is made; without its mark, the marks folder is not the one it was. */
  readonly hasSigned: boolean;
  /** Whether the last record still stands in the store as it was folded. */
  stands(): Promise<boolean>;
}

export interface Mark extends SignedHead {
  readonly signers: readonly VerifierKey[];
}

const MAX_SWAPS = 8;

/**
 * Signs tree heads, and never two that contradict each other: load the mark, compare, sign, swap the mark and sync it,
 * and only then hand the note out. A lost swap begins anew.
 */
export class Signing {
  readonly #last = new Map<LogName, TreeHead>();
  /** What was learnt from outside and outweighs everything here: nothing is signed any more. */
  alarm: SigningError | undefined;

  constructor(
    readonly ring: KeyRing | undefined,
    private readonly marks: MarkStore,
  ) {}

  /** Compares a log with its mark and all that is known of it; the mark, where there is one. @throws SigningError. */
  async check(log: SignableLog): Promise<SignedHead | undefined> {
    return this.#checked(log);
  }

  /**
   * The head of a log, signed; or the head that was signed last, where that has the size that is needed, or where this
   * process has no key.
   * @throws SigningError.
   */
  async sign(log: SignableLog, atLeast = log.tree.size): Promise<SignedHead> {
    for (let swaps = 0; swaps < MAX_SWAPS; swaps++) {
      if (this.alarm) throw this.alarm;
      const mark = await this.#checked(log);
      if (!this.ring && mark) return mark;
      const key = this.#key(log);
      const { size } = log.tree;
      if (mark && mark.size >= Math.min(atLeast, size) && isSignedBy(mark, key)) return mark;
      if (!mark && log.hasSigned) throw this.#lostMark(log);
      if (!(await log.stands())) throw inconsistent(log, size);
      const head = { size, root: log.tree.root(size) };
      const note = this.#note(log, head, key, mark);
      if (!(await this.#swap(log, mark?.note, note))) continue;
      this.#last.set(log.name, head);
      return { ...head, note };
    }
    throw new SigningError('marks-unavailable', log.name, `Others keep signing ${log.name}: ask again.`);
  }

  /** The key of a log at an epoch. @throws SigningError `key-missing`. */
  keyOf(log: LogName, origin: string, epoch: number): LogKey {
    if (!this.ring)
      throw new SigningError('key-missing', log, 'There is no seed at hand, so nothing can be signed.');
    return this.ring.key(origin, epoch);
  }

  async #checked(log: SignableLog): Promise<Mark | undefined> {
    if (log.damaged !== undefined) throw inconsistent(log, log.damaged + 1);
    const mark = await this.#load(log);
    const last = this.#last.get(log.name);
    for (const head of [mark, last, ...log.known]) if (head) compare(log, head);
    return mark;
  }

  async #load(log: SignableLog): Promise<Mark | undefined> {
    let note: string | undefined;
    try {
      note = await this.marks.load(log.name);
    } catch (cause) {
      throw unavailable(log, cause);
    }
    if (note === undefined) return undefined;
    const mark = signedHead(note, log.origin, log.keys);
    if (!mark) throw unreadable(log);
    return mark;
  }

  async #swap(log: SignableLog, from: string | undefined, to: string): Promise<boolean> {
    try {
      return await this.marks.swap(log.name, from, to);
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
      `The seed at hand is not the one of this ledger: ${log.name} signs with another key. Put the right seed in its place.`,
    );
  }

  /** After a rotation the first head is signed by the old key as well, which ties the new one to it. */
  #note(log: SignableLog, head: TreeHead, key: LogKey, mark: Mark | undefined): string {
    const checkpoint = { origin: log.origin, ...head };
    const note = signCheckpoint(checkpoint, key.key, key.sign);
    if (!mark || isSignedBy(mark, key)) return note;
    const { text } = parseNote(note);
    const older = log.keys
      .slice(0, -1)
      .map(({ epoch }) => this.keyOf(log.name, log.origin, epoch))
      .filter((old) => isSignedBy(mark, old))
      .map((old) => signatureLine(old.key, old.sign(utf8(text))));
    return addSignatures(note, older);
  }

  #lostMark(log: SignableLog): SigningError {
    return new SigningError(
      'mark-missing',
      log.name,
      'The marks of what was signed are not where they should be. Bring their folder back; where they are lost, run study-ledger restore --without-source.',
    );
  }
}

/** What a note says, where a key of this log signed it. */
export function signedHead(note: string, origin: string, keys: readonly PublishedKey[]): Mark | undefined {
  try {
    const known = keys.map(({ vkey }) => parseVkey(sha256, vkey));
    const verifiers = known.map((key) => ed25519Verifier(key, ed25519Verify));
    const { checkpoint } = openCheckpoint(note, verifiers);
    if (checkpoint.origin !== origin) return undefined;
    const signed = new Set(parseNote(note).signatures.map(({ id }) => id));
    return { ...checkpoint, note, signers: known.filter(({ id }) => signed.has(id)) };
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

/** Whether a note is a checkpoint of this lab. */
export function isOwnNote({ facility, keys }: Lab): (note: string) => boolean {
  const origin = originOf(facility, 'lab');
  return (note) => signedHead(note, origin, keys.get(origin) ?? []) !== undefined;
}

function unreadable({ name }: SignableLog): SigningError {
  return new SigningError(
    'mark-unreadable',
    name,
    `The mark of ${name} is not a note that this log has signed. Look at who changed it; the last note that was handed out or published can take its place.`,
  );
}

function compare(log: SignableLog, { size, root }: TreeHead): void {
  if (log.tree.size < size) {
    throw new SigningError(
      'store-behind-mark',
      log.name,
      `${log.name} holds ${log.tree.size} records, but ${size} were signed: an older copy stands in the store’s place. Stop the server and run study-ledger restore.`,
    );
  }
  if (rootAt(log.tree, size) !== root) throw inconsistent(log, size);
}

function rootAt(tree: StreamTree, size: number): Hash {
  return tree.root(size);
}

function inconsistent(log: SignableLog, size: number): SigningError {
  return new SigningError(
    'store-inconsistent',
    log.name,
    `The first ${size} records of ${log.name} are not those that were signed. Stop the server, keep all files as they are, and run study-ledger verify.`,
  );
}

function unavailable(log: SignableLog, cause: unknown): SigningError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The marks of what was signed cannot be used (${reason}). Nothing is signed until they can; recording goes on.`;
  return new SigningError('marks-unavailable', log.name, message, { cause });
}

function isSignedBy(mark: Mark, { key }: LogKey): boolean {
  return mark.signers.some(({ id }) => id === key.id);
}
