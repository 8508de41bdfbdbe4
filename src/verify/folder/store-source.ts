import { setImmediate } from 'node:timers/promises';
import type { RecordRows } from '../../store/record-rows.js';
import type { Chunk } from '../runtime/chunk.js';
import type { Findings } from '../checks/findings.js';
import type { LogSource } from '../checks/log.js';

/**
 * A stream of a store, up to the first record that is missing: beyond that, no root could be computed. `limit`: no more
 * records than so many are looked at.
 */
export function storeSource(rows: RecordRows, log: string, findings: Findings, limit = Infinity): LogSource {
  return {
    log,
    source: sourceOf(log),
    async *chunks(): AsyncGenerator<Pick<Chunk, 'first' | 'bytes' | 'lengths' | 'storedLeaves'>> {
      let expected = 0;
      for await (const { numbers, bytes, lengths, leaves } of rows.pages(log)) {
        const first = expected;
        const count = numbers.findIndex((number, i) => number !== first + i || number >= limit);
        if (count < 0)
          yield { first: expected, bytes, lengths, ...(leaves !== undefined && { storedLeaves: leaves }) };
        else {
          const kept = lengths.slice(0, count);
          const end = kept.reduce((sum, length) => sum + 1 + length, 0);
          const part = { first: expected, bytes: bytes.subarray(0, end), lengths: kept };
          const storedLeaves = leaves?.slice(0, 32 * count);
          if (count > 0) yield { ...part, ...(storedLeaves !== undefined && { storedLeaves }) };
          if (expected + count < limit) missing(log, expected + count, numbers[count]!, findings);
          return;
        }
        expected += numbers.length;
        // A server that checks itself goes on answering.
        await setImmediate();
      }
    },
  };
}

function missing(log: string, from: number, next: number, findings: Findings): void {
  const which = next - from === 1 ? `record ${from} is` : `records ${from}…${next - 1} are`;
  findings.fail('missing', log, `${which} missing in the store; what comes after could not be checked`, {
    record: from,
  });
}

/** What the records of a log say their source is. */
export function sourceOf(log: string): string {
  return log.startsWith('study-') ? `/studies/${log.slice('study-'.length)}` : `/${log}`;
}
