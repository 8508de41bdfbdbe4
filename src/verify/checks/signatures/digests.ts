import { createHash, type Hash } from 'node:crypto';
import { endsOf, type Chunk } from '../../runtime/chunk.js';
import { sha256Hex } from '../../runtime/crypto.js';

interface Span {
  readonly from: number;
  readonly to: number;
}

type Chunks = AsyncIterable<Pick<Chunk, 'first' | 'bytes' | 'lengths'>>;

export function spanKey({ from, to }: Span): string {
  return `${from}-${to}`;
}

/**
 * SHA-256, hex, of what signatures are over: of single records, of ranges as NDJSON. It reads the log once more, up to the
 * last of them.
 */
export async function digestsOf(chunks: Chunks, spans: readonly Span[]): Promise<Map<string, string>> {
  const digests = new Digests(spans);
  for await (const { first, bytes, lengths } of chunks) {
    if (first > digests.last) break;
    let at = 0;
    for (const [i, end] of endsOf(bytes, lengths).entries()) {
      // Before each record stands a byte that is not of it.
      digests.take(first + i, bytes.subarray(at + 1, end));
      at = end;
    }
  }
  return digests.found;
}

/** Takes the records of a log in their order. Those of a part may have gaps: a range over one has no digest. */
export class Digests {
  readonly found = new Map<string, string>();
  readonly last: number;
  private readonly singles = new Set<number>();
  /** Ends of ranges, by where they begin. */
  private readonly ranges = new Map<number, Set<number>>();
  private running: { readonly from: number; readonly hash: Hash; readonly last: number }[] = [];
  private next = 0;

  constructor(spans: readonly Span[]) {
    this.last = spans.reduce((last, { to }) => Math.max(last, to), -1);
    for (const { from, to } of spans)
      if (from === to) this.singles.add(from);
      else this.ranges.set(from, (this.ranges.get(from) ?? new Set()).add(to));
  }

  take(number: number, record: Uint8Array): void {
    if (number !== this.next) this.running = [];
    this.next = number + 1;
    if (this.singles.has(number)) this.found.set(spanKey({ from: number, to: number }), sha256Hex(record));
    const ends = this.ranges.get(number);
    if (ends) this.running.push({ from: number, hash: createHash('sha256'), last: Math.max(...ends) });
    if (this.running.length === 0) return;
    for (const { from, hash } of this.running) {
      hash.update(record).update('\n');
      if (this.ranges.get(from)!.has(number))
        this.found.set(spanKey({ from, to: number }), hash.copy().digest('hex'));
    }
    this.running = this.running.filter(({ last }) => last > number);
  }
}
