import type { FeedPage } from '../../queries/feed.js';

/** What is handed to the connection at a time. */
const CHUNK_CHARACTERS = 65_536;
const KEEP_ALIVE_MS = 15_000;

/** NDJSON: each line is the record as it was stored with one member more at its end, so the rest are the bytes that were hashed. */
export async function* lineChunks(
  pages: AsyncIterable<FeedPage>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const { records } of pages) {
    if (signal.aborted) return;
    yield* joined(records, ({ text, cursor }) => `${text.slice(0, -1)},"feedcursor":"${cursor}"}\n`);
  }
}

/** Server-sent events: the id of each is its cursor, its data the record as it was stored. */
export async function* eventChunks(
  pages: AsyncIterable<FeedPage>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let sentMs = performance.now();
  yield 'retry: 2000\n\n';
  for await (const { records, cursor } of pages) {
    if (signal.aborted) return;
    if (records.length > 0) {
      yield* joined(records, (record) => `id: ${record.cursor}\ndata: ${record.text}\n\n`);
    } else if (performance.now() - sentMs >= KEEP_ALIVE_MS) {
      // An id without data delivers nothing; a client that connects again goes on from here instead of searching anew.
      yield `id: ${cursor}\n\n`;
    } else continue;
    sentMs = performance.now();
  }
}

function* joined<T>(items: readonly T[], format: (item: T) => string): Generator<string> {
  let chunk = '';
  for (const item of items) {
    chunk += format(item);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
