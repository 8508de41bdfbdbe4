import { parseCheckpoint } from './checkpoint.js';
import { hashFromBase64, parseDecimal } from './encoding.js';
import { LedgerError } from './error.js';
import type { TreeHead } from './merkle.js';
import { parseNote } from './note.js';

/** The state of a log as somebody has it on paper. Nothing of it is believed. */
export interface StatedHead extends TreeHead {
  /** Undefined where only size and root were given. */
  readonly origin: string | undefined;
  /** The signed note; undefined where no signature was given. */
  readonly note: string | undefined;
}

/** Takes a signed note, its first three lines, or a size and a root. Otherwise a string: what is wrong with the text. */
export function readStateText(text: string): StatedHead | string {
  const lines = text
    .replaceAll('\r', '')
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const clean = `${lines.join('\n')}\n`;
  try {
    if (lines.includes('')) {
      const { text: signed } = parseNote(clean);
      return { ...parseCheckpoint(signed), note: clean };
    }
    if (lines.length === 3) return { ...parseCheckpoint(clean), note: undefined };
    const [size = '', root = '', ...more] = clean.trim().split(/\s+/);
    if (more.length > 0 || root === '') return FORMS;
    return { origin: undefined, size: parseDecimal(size), root: hashFromBase64(root), note: undefined };
  } catch (error) {
    if (error instanceof LedgerError) return `${FORMS} It says: ${error.message}.`;
    throw error;
  }
}

const FORMS =
  'This is no state of a log. Paste the lines of a checkpoint from the name of the log to the signature, or a tree size and a root.';
