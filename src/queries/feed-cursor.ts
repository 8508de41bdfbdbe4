import { sha256 } from '../shared/sha256.js';

/**
 * How far a reader has come. Key: the index of a study in the order of registration. Value: how many of its records the
 * reader was given or has skipped; 0 where there is no entry.
 */
export type Positions = ReadonlyMap<number, number>;

const VERSION = '1';
const CHECK_BYTES = 4;
const TEXT = /^1[A-Za-z0-9_-]+$/;

/**
 * Encodes positions as one word: `1` and, in base64url, four check bytes, then for each study with a position above 0 its
 * distance from the study before and the position, as LEB128 (docs/feed.md).
 *
 * There is no order between the records of different studies, so one number for all of them is not enough. The check
 * bytes begin SHA-256 over the leaf hash of lab record 0 and the bytes that follow. They reject a cursor that was cut short
 * or belongs to another ledger. They are not secret, and a cursor gives no permission.
 *
 * @param ledger leaf hash of lab record 0, latin1.
 * @param positions in ascending order of index.
 */
export function encodeCursor(ledger: string, positions: Positions): string {
  const body: number[] = [];
  let last = -1;
  for (const [index, position] of positions) {
    if (position === 0) continue;
    pushNumber(body, index - last);
    pushNumber(body, position);
    last = index;
  }
  const bytes = Buffer.from(body);
  return VERSION + Buffer.concat([makeCheck(ledger, bytes), bytes]).toString('base64url');
}

/** Undefined for any text that {@link encodeCursor} would not have written for this ledger. */
export function decodeCursor(ledger: string, text: string): Positions | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(1), 'base64url');
  const body = bytes.subarray(CHECK_BYTES);
  const positions = new Map<number, number>();
  const reader = { body, at: 0 };
  let index = -1;
  while (reader.at < body.length) {
    const distance = readNumber(reader);
    const position = readNumber(reader);
    if (!distance || !position || !Number.isSafeInteger(index + distance)) return undefined;
    positions.set((index += distance), position);
  }
  // Rejects a wrong check, and any other spelling of the same positions.
  return encodeCursor(ledger, positions) === text ? positions : undefined;
}

function makeCheck(ledger: string, body: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from(ledger, 'latin1'), body]);
  return Buffer.from(sha256(input), 'latin1').subarray(0, CHECK_BYTES);
}

/** Unsigned LEB128. Divides, because bit operations are limited to 32 bits. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
}

/** Undefined where the bytes end within the number, or it is not a safe integer. */
function readNumber(reader: { readonly body: Uint8Array; at: number }): number | undefined {
  let value = 0;
  for (let factor = 1; reader.at < reader.body.length; factor *= 0x80) {
    const byte = reader.body[reader.at++]!;
    value += (byte % 0x80) * factor;
    if (!Number.isSafeInteger(value)) return undefined;
    if (byte < 0x80) return value;
  }
  return undefined;
}
