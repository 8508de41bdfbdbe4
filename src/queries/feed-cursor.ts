import { sha256 } from '../shared/sha256.js';

/**
 * How far a reader has come: by a study's place in the order of registration, the number of its records that the
 * reader has been given or has passed over. Places that are missing count as 0.
 */
export type Positions = ReadonlyMap<number, number>;

const VERSION = '1';
const CHECK_BYTES = 4;
const TEXT = /^1[A-Za-z0-9_-]+$/;

/**
 * A place in the feed as one word: `1` and, in base64url, four bytes that tie it to its ledger, then for each study
 * with a position above 0 the distance from the study before and the position, as LEB128. (docs/feed.md)
 *
 * There is no order between studies that a single number could stand for, so a place has a number for each. The four
 * bytes are SHA-256 over the leaf hash of lab record 0 and what follows; they stop a cursor that was cut short or
 * belongs to another ledger. They are no secret and protect nothing: a place is no permission.
 *
 * @param ledger leaf hash of lab record 0, latin1. `positions` is in ascending order of places.
 */
export function encodeCursor(ledger: string, positions: Positions): string {
  const body: number[] = [];
  let last = -1;
  for (const [place, position] of positions) {
    if (position === 0) continue;
    pushNumber(body, place - last);
    pushNumber(body, position);
    last = place;
  }
  const bytes = Buffer.from(body);
  return VERSION + Buffer.concat([checkOf(ledger, bytes), bytes]).toString('base64url');
}

/** Undefined for everything that {@link encodeCursor} would not have written for this ledger. */
export function decodeCursor(ledger: string, text: string): Positions | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(1), 'base64url');
  const body = bytes.subarray(CHECK_BYTES);
  const positions = new Map<number, number>();
  const reader = { body, at: 0 };
  let place = -1;
  while (reader.at < body.length) {
    const distance = nextNumber(reader);
    const position = nextNumber(reader);
    if (!distance || !position || !Number.isSafeInteger(place + distance)) return undefined;
    positions.set((place += distance), position);
  }
  // What is not the one spelling of its place has another check, or other base64.
  return encodeCursor(ledger, positions) === text ? positions : undefined;
}

function checkOf(ledger: string, body: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from(ledger, 'latin1'), body]);
  return Buffer.from(sha256(input), 'latin1').subarray(0, CHECK_BYTES);
}

/** LEB128, unsigned; by division, because positions may be larger than what bit operations take. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
}

/** Undefined where the bytes end within the number, or it is larger than a record number can be. */
function nextNumber(reader: { readonly body: Uint8Array; at: number }): number | undefined {
  let value = 0;
  for (let factor = 1; reader.at < reader.body.length; factor *= 0x80) {
    const byte = reader.body[reader.at++]!;
    value += (byte % 0x80) * factor;
    if (!Number.isSafeInteger(value)) return undefined;
    if (byte < 0x80) return value;
  }
  return undefined;
}
