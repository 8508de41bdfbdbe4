/**
 * C2SP tlog-checkpoint v1.0.0: a signed tree head.
 *
 *     lab.example/ledger/study/NP-001
 *     7
 *     o+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=
 *
 *     — lab.example/ledger/study/NP-001 8q3+wlTOeqjz…
 *
 * Extension lines are neither written nor read: no reader of the log could check them.
 */
import { hashFromBase64, parseDecimal } from './encoding.js';
import { LedgerError } from './error.js';
import type { TreeHead } from './merkle.js';
import { isKeyName, openNote, type NoteVerifier, type OpenedNote } from './note.js';

/** What is signed: the first `size` records of the log `origin` have this root. */
export type Checkpoint = TreeHead & { readonly origin: string };

/** SHA-256 of nothing: the root of the empty tree. */
const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/**
 * Reads the text of a note that was verified.
 * @throws LedgerError `bad-checkpoint`, `bad-encoding`, `bad-hash`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined || end !== '' || more.length > 0)
    throw new LedgerError('bad-checkpoint', 'a checkpoint has three lines: origin, size, root');
  if (!isKeyName(origin)) throw new LedgerError('bad-checkpoint', 'this origin cannot name a log');
  const checkpoint = { origin, size: parseDecimal(size), root: hashFromBase64(root) };
  if (checkpoint.size === 0 && root !== EMPTY_ROOT)
    throw new LedgerError('bad-checkpoint', 'the root of an empty log is the hash of nothing');
  return checkpoint;
}

/**
 * Verifies a checkpoint: one of the log keys, named as its origin, signed it. Cosignatures by the given cosigners
 * are verified with it and handed over; how many are enough is a question of policy.
 * @throws LedgerError `unknown-origin` when it is signed by another log's key; and as `openNote`, `parseCheckpoint`.
 */
export function openCheckpoint(
  note: string,
  logs: readonly NoteVerifier[],
  cosigners: readonly NoteVerifier[] = [],
): { checkpoint: Checkpoint; cosignatures: OpenedNote['signatures'] } {
  const { text, signatures } = openNote(note, [...logs, ...cosigners]);
  const checkpoint = parseCheckpoint(text);
  const keys = new Set(logs.map(({ key }) => key));
  if (!signatures.some(({ key }) => keys.has(key) && key.name === checkpoint.origin))
    throw new LedgerError('unknown-origin', `no known key of ${checkpoint.origin} signed this`);
  return { checkpoint, cosignatures: signatures.filter(({ key }) => !keys.has(key)) };
}
