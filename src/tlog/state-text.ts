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

/**
 * Takes a signed note, its first three lines, or a size and a root, with the words around them as this product prints
 * them: `tree size 1,602, root …`, `records #0 to #833 of …, root …`. Otherwise a string: what is wrong with the text.
 */
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
    const [size, root] = [sizeIn(clean), ROOT.exec(clean)?.[0]];
    if (size === undefined || root === undefined) return FORMS;
    return { origin: undefined, size, root: hashFromBase64(root), note: undefined };
  } catch (error) {
    if (error instanceof LedgerError) return `${FORMS} It says: ${error.message}.`;
    throw error;
  }
}

/** SHA-256 in base64. */
const ROOT = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=/;
const NUMBER = String.raw`(\d{1,3}(?:,\d{3})+|\d+)(?![\d,]*\d)`;
const LAST = new RegExp(String.raw`#0 to #${NUMBER}`);
const SIZE = new RegExp(String.raw`(?:^|tree size )\s*${NUMBER}[,;]?\s`);

function sizeIn(text: string): number | undefined {
  const number = (match: RegExpExecArray | null): number | undefined =>
    match ? parseDecimal(match[1]!.replaceAll(',', '')) : undefined;
  const last = number(LAST.exec(text));
  return last === undefined ? number(SIZE.exec(text)) : last + 1;
}

const FORMS =
  'This is no state of a log. Paste the lines of a checkpoint from the name of the log to the signature, or a tree size and a root.';
