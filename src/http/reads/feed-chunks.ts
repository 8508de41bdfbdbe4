import type { FeedPage } from '../../queries/feed.js';

/** The least that is handed to the connection at a time, unless the page ends. */
const CHUNK_CHARACTERS = 65_536;
const KEEP_ALIVE_MS = 15_000;

/** NDJSON. Each line is the stored record with `feedcursor` added at its end: without it, the bytes that were hashed. */
export async function* lineChunks(
  pages: AsyncIterable<FeedPage>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const { records } of pages) {
    if (signal.aborted) return;
    yield* joined(records, ({ text, cursor }) => `${text.slice(0, -1)},"feedcursor":"${cursor}"}\n`);
  }
}

/** Server-sent events. The id of each is its cursor, its data the stored record. */
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
      // An id without data delivers no event, but a client that reconnects continues from here.
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
