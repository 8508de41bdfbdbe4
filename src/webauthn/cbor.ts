/** CBOR (RFC 8949) as far as one has to know where an item ends. Lengths are definite, as CTAP2 asks. */
const MAX_DEPTH = 8;
const MAP = 5;

/** Whether the bytes are one map, and nothing follows it. */
export function isOneCborMap(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes[0]! >> 5 === MAP && endOf(bytes, 0, 0) === bytes.length;
}

/** Where the item that begins at `at` ends, maybe after the bytes; NaN where it cannot be told. */
function endOf(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at];
  if (first === undefined || depth > MAX_DEPTH) return NaN;
  const major = first >> 5;
  const { value, end } = argumentOf(bytes, at, first & 0x1f);
  if (major === 2 || major === 3) return end + value;
  const inside = major === 4 ? value : major === MAP ? 2 * value : major === 6 ? 1 : 0;
  let next = end;
  for (let i = 0; i < inside && !Number.isNaN(next); i++) next = endOf(bytes, next, depth + 1);
  return next;
}

/** The number in the head of an item, and where the head ends: NaN for an indefinite length. */
function argumentOf(bytes: Uint8Array, at: number, low: number): { value: number; end: number } {
  if (low < 24) return { value: low, end: at + 1 };
  if (low > 27) return { value: 0, end: NaN };
  const size = 1 << (low - 24);
  const end = at + 1 + size;
  let value = 0;
  for (const byte of bytes.subarray(at + 1, end)) value = value * 256 + byte;
  return { value, end };
}
