import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Chunk } from './chunk.js';
import type { Findings } from '../checks/findings.js';
import type { LogSource } from '../checks/log.js';

const BLOCK = 1 << 20;
const LF = 0x0a;

/** Records as lines of a file: line k, counted from 0, is record k. */
export function fileSource(path: string, log: string, source: string, findings: Findings): LogSource {
  return { log, source, chunks: () => linesOf(path, log, findings) };
}

async function* linesOf(
  path: string,
  log: string,
  findings: Findings,
): AsyncGenerator<Pick<Chunk, 'first' | 'bytes'>> {
  const file = openSync(path, 'r');
  let rest = Buffer.alloc(0);
  let first = 0;
  try {
    for (;;) {
      // One byte in front of every line, the first too. Each block is handed over with its chunk.
      const bytes = Buffer.from(new ArrayBuffer(1 + rest.length + BLOCK));
      bytes[0] = LF;
      bytes.set(rest, 1);
      const read = readSync(file, bytes, 1 + rest.length, BLOCK, null);
      const filled = 1 + rest.length + read;
      if (read === 0) break;
      const end = bytes.subarray(0, filled).lastIndexOf(LF);
      rest = Buffer.from(bytes.subarray(end + 1, filled));
      if (end > 0) {
        const lines = count(bytes, end);
        yield { first, bytes: bytes.subarray(0, end) };
        first += lines;
        // What threads have answered meanwhile is taken up, so that they are given more.
        await setImmediate();
      } else if (rest.length > BLOCK) break;
    }
    if (rest.length > 0)
      findings.fail(
        'canonical',
        log,
        `record ${first} is not ended by a line feed, or is longer than any record`,
        {
          record: first,
        },
      );
  } finally {
    closeSync(file);
  }
}

/** Lines in `bytes` up to `end`, where a line feed stands. */
function count(bytes: Buffer, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF, 1); at >= 0 && at <= end; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
