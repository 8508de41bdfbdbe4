import { createHash, type Hash } from 'node:crypto';
import { studyLog } from '../../lab/origins.js';
import type { EventStore } from '../../store/event-store.js';
import type { Covered } from '../../study/signatures/statement.js';

/** By `spanKey`: SHA-256, hex. */
export type StoredDigests = ReadonlyMap<string, string>;

interface Span extends Covered {
  readonly hash: Hash;
}

/** Records between two spans that are read rather than passed over. */
const GAP = 256;

export function spanKey({ from, to }: Covered): string {
  return `${from}-${to}`;
}

/**
 * SHA-256 of records' bytes as they are stored; of a range, of its NDJSON bytes, each line with LF. What several spans cover
 * is read once, however many signatures there are over it, and no more than a page is held.
 */
export async function storedDigests(
  store: Pick<EventStore, 'read'>,
  study: string,
  covered: Iterable<Covered>,
): Promise<StoredDigests> {
  const spans = new Map<string, Span>();
  for (const { from, to } of covered)
    spans.set(spanKey({ from, to }), { from, to, hash: createHash('sha256') });
  for (const run of runsOf([...spans.values()])) await readRun(store, study, run);
  return new Map([...spans].map(([key, { hash }]) => [key, hash.digest('hex')]));
}

/** Spans that overlap or lie close together, by their first records. */
function runsOf(spans: readonly Span[]): Span[][] {
  const runs: Span[][] = [];
  let end = -Infinity;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from > end + GAP) runs.push([]);
    runs.at(-1)!.push(span);
    end = Math.max(end, span.to);
  }
  return runs;
}

async function readRun(store: Pick<EventStore, 'read'>, study: string, run: readonly Span[]): Promise<void> {
  const end = Math.max(...run.map(({ to }) => to));
  let next = 0;
  let open: Span[] = [];
  for await (const page of store.read(studyLog(study), run[0]!.from)) {
    for (const { number, text } of page) {
      while ((run[next]?.from ?? Infinity) <= number) open.push(run[next++]!);
      for (const { from, to, hash } of open) hash.update(from === to ? text : `${text}\n`);
      if (open.some(({ to }) => to === number)) open = open.filter(({ to }) => to > number);
    }
    if ((page.at(-1)?.number ?? end) >= end) return;
  }
}
