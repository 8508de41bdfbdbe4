import { ed25519Verify } from '../signing/ed25519.js';
import { sha256 } from '../shared/sha256.js';
import type { Study } from '../study/study.js';
import { openCheckpoint } from '../tlog/checkpoint.js';
import { hashFromBase64, type Hash } from '../tlog/encoding.js';
import { LedgerError } from '../tlog/error.js';
import { Frontier } from '../tlog/merkle.js';
import { ed25519Verifier, parseVkey } from '../tlog/note.js';
import { readStateText } from '../tlog/state-text.js';

/** How a state that somebody has on paper compares with a study. */
export type ComparedState =
  | { readonly outcome: 'unreadable'; readonly problem: string }
  | { readonly outcome: 'other-log'; readonly origin: string }
  | { readonly outcome: 'longer'; readonly size: number }
  | {
      readonly outcome: 'agrees' | 'differs';
      readonly size: number;
      /** What is wrong with its signature; `none` where it bears none, undefined where it holds. */
      readonly signature: string | undefined;
    };

/** @param vkeys the keys that the log named `origin` signed with. */
export function compareState(
  text: string,
  study: Study,
  origin: string,
  vkeys: readonly string[],
): ComparedState {
  const stated = readStateText(text);
  if (typeof stated === 'string') return { outcome: 'unreadable', problem: stated };
  const { size, root, note } = stated;
  if (stated.origin !== undefined && stated.origin !== origin)
    return { outcome: 'other-log', origin: stated.origin };
  if (size > study.size) return { outcome: 'longer', size };
  const outcome = rootOf(study, size) === root ? 'agrees' : 'differs';
  return { outcome, size, signature: note === undefined ? 'none' : problemOf(note, vkeys) };
}

function rootOf({ records }: Study, size: number): Hash {
  const tree = new Frontier(sha256);
  for (let number = 0; number < size; number++) tree.append(hashFromBase64(records.at(number)!.leaf));
  return tree.root();
}

function problemOf(note: string, vkeys: readonly string[]): string | undefined {
  try {
    openCheckpoint(
      note,
      vkeys.map((vkey) => ed25519Verifier(parseVkey(sha256, vkey), ed25519Verify)),
    );
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
}
