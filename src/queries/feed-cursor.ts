import { sha256 } from '../shared/sha256.js';

/**
 * The words of a cursor. The first `passed` studies, in the order of registration, are at the size that the first `to`
 * records of the lab anchor, the others at that of the first `from`; `others` says which are elsewhere, by index, ascending.
 */
export interface SpelledPlace {
  readonly from: number;
  readonly to: number;
  readonly passed: number;
  readonly others: ReadonlyMap<number, number>;
}

/** Nothing was read of any study. */
export const BEGINNING: SpelledPlace = { from: 0, to: 0, passed: 0, others: new Map() };

const VERSION = '2';
/** Its numbers are those of `others` alone. It was written until version 0.2, and is read. */
const FIRST_VERSION = '1';
const CHECK_BYTES = 4;
const TEXT = /^[12][A-Za-z0-9_-]+$/;

/**
 * Encodes a place as one word: `2` and, in base64url, four check bytes, then `from`, `to`, `passed`, and for each of
 * `others` its distance from the study before and the position, as LEB128 (docs/feed.md).
 *
 * The check bytes begin SHA-256 over the leaf hash of lab record 0 and the bytes that follow. They reject a cursor that was
 * cut short or belongs to another ledger. They are not secret, and a cursor gives no permission.
 *
 * @param ledger leaf hash of lab record 0, latin1.
 */
export function encodeCursor(ledger: string, { from, to, passed, others }: SpelledPlace): string {
  const numbers = [from, to, passed];
  let last = -1;
  for (const [index, position] of others) {
    numbers.push(index - last, position);
    last = index;
  }
  return VERSION + spell(ledger, numbers);
}

/** Undefined for any text that is no cursor of this ledger. */
export function decodeCursor(ledger: string, text: string): SpelledPlace | undefined {
  if (!TEXT.test(text)) return undefined;
  const numbers = numbersIn(text.slice(1));
  // Rejects a wrong check, and any other spelling of the same numbers.
  if (!numbers || spell(ledger, numbers) !== text.slice(1)) return undefined;
  if (text.startsWith(FIRST_VERSION)) numbers.unshift(0, 0, 0);
  const [from, to, passed, ...pairs] = numbers;
  const others = othersIn(pairs);
  if (from === undefined || to === undefined || passed === undefined || from > to || !others)
    return undefined;
  return { from, to, passed, others };
}

function othersIn(pairs: readonly number[]): Map<number, number> | undefined {
  const others = new Map<number, number>();
  let index = -1;
  for (let at = 0; at < pairs.length; at += 2) {
    const [distance, position] = [pairs[at], pairs[at + 1]];
    if (!distance || position === undefined || !Number.isSafeInteger(index + distance)) return undefined;
    others.set((index += distance), position);
  }
  return others;
}

/** base64url of the check and the numbers. */
function spell(ledger: string, numbers: readonly number[]): string {
  const body: number[] = [];
  for (const number of numbers) pushNumber(body, number);
  const bytes = Buffer.from(body);
  return Buffer.concat([makeCheck(ledger, bytes), bytes]).toString('base64url');
}

function numbersIn(word: string): number[] | undefined {
  const body = Buffer.from(word, 'base64url').subarray(CHECK_BYTES);
  const reader = { body, at: 0 };
  const numbers: number[] = [];
  while (reader.at < body.length) {
    const number = readNumber(reader);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
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
