import { setImmediate } from 'node:timers/promises';
import type { RecordRows } from '../../store/record-rows.js';
import type { Chunk } from '../runtime/chunk.js';
import type { Findings } from '../checks/findings.js';
import type { LogSource } from '../checks/log.js';

/**
 * A stream of a store, up to the first record that is missing: beyond that, no root could be computed. What follows is
 * read for its numbers alone, so that no record that is there is called missing. `limit`: no more records than so many are looked at.
 */
export function storeSource(rows: RecordRows, log: string, findings: Findings, limit = Infinity): LogSource {
  let reach = 0;
  return {
    log,
    source: sourceOf(log),
    reach: () => reach,
    async *chunks(): AsyncGenerator<Pick<Chunk, 'first' | 'bytes' | 'lengths' | 'storedLeaves'>> {
      let hasGap = false;
      // It may be read again: what is missing is told once.
      let next = 0;
      for await (const { numbers, bytes, lengths, leaves } of rows.pages(log)) {
        const first = next;
        const inOrder = numbers.findIndex((number, i) => number !== first + i || number >= limit);
        const count = inOrder < 0 ? numbers.length : inOrder;
        if (!hasGap && count > 0) {
          const kept = lengths.slice(0, count);
          const end = kept.reduce((sum, length) => sum + 1 + length, 0);
          const storedLeaves = leaves?.slice(0, 32 * count);
          yield {
            first,
            bytes: bytes.subarray(0, end),
            lengths: kept,
            ...(storedLeaves !== undefined && { storedLeaves }),
          };
        }
        for (const number of numbers) {
          if (number >= limit) return;
          if (number > next && number >= reach) missing(log, next, number, findings);
          hasGap ||= number > next;
          next = number + 1;
          reach = Math.max(reach, next);
        }
        // A server that checks itself goes on answering.
        await setImmediate();
      }
    },
  };
}

function missing(log: string, from: number, next: number, findings: Findings): void {
  const which = next - from === 1 ? `record ${from} is` : `records ${from}…${next - 1} are`;
  findings.fail(
    'missing',
    log,
    `${which} missing in the store; what comes after could not be held against a signed head`,
    { record: from },
  );
}

/** What the records of a log say their source is. */
export function sourceOf(log: string): string {
  return log.startsWith('study-') ? `/studies/${log.slice('study-'.length)}` : `/${log}`;
}
