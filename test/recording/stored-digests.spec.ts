import fc from 'fast-check';
import { rangeDigest, digestIn, recordDigest } from '../../src/recording/signing/digests.js';
import { spanKey, storedDigests } from '../../src/recording/signing/stored-digests.js';
import { sha256Hex } from '../../src/shared/sha256.js';
import type { EventStore, StoredRecord } from '../../src/store/event-store.js';
import { AppendList } from '../../src/study/fold/append-list.js';
import type { StoredStudyRecord } from '../../src/study/record.js';
import { canonical } from '../../src/tlog/canonical.js';

const SIZE = 900;
const records = AppendList.of(
  Array.from({ length: SIZE }, (_, number) => ({ number, leaf: '', record: { number } })),
) as unknown as AppendList<StoredStudyRecord>;
const stored = records.toArray().map(({ number, record }) => ({ number, leaf: '', text: canonical(record) }));

/** In pages of seven records, counted. */
function storeOf() {
  const read = { records: 0 };
  const store = {
    async *read(_: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
      for (let at = from; at < SIZE; at += 7) {
        const page = stored.slice(at, at + 7);
        read.records += page.length;
        yield page;
      }
    },
  } as unknown as Pick<EventStore, 'read'>;
  return { store, read };
}

const spans = fc.array(
  fc
    .tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  { maxLength: 12 },
);

describe('the digests of what was signed', () => {
  it('are those of each record, and of each range as NDJSON, however the spans lie to each other', async () => {
    await fc.assert(
      fc.asyncProperty(spans, async (asked) => {
        const found = await storedDigests(storeOf().store, 'KET-01', asked);
        for (const { from, to } of asked) {
          const lines = stored.slice(from, to + 1).map(({ text }) => text);
          const naive = sha256Hex(from === to ? lines[0]! : lines.map((line) => `${line}\n`).join(''));
          expect(found.get(spanKey({ from, to }))).toBe(naive);
          expect(digestIn(records, { from, to })).toBe(naive);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('take one reading of the records, however many signatures are over them', async () => {
    const { store, read } = storeOf();
    const asked = Array.from({ length: 100 }, (_, index) => ({ from: index, to: SIZE - 1 - index }));
    await storedDigests(store, 'KET-01', [...asked, ...asked]);
    expect(read.records).toBe(SIZE);
    await storedDigests(store, 'KET-01', [
      { from: 0, to: 0 },
      { from: SIZE - 1, to: SIZE - 1 },
    ]);
    expect(read.records).toBeLessThan(SIZE + 20);
  });

  it('of folded records are made once, and there are none of records that are not there', () => {
    const all = { from: 0, to: SIZE - 1 };
    expect(digestIn(records, all)).toBe(rangeDigest(records.toArray().map(({ record }) => record)));
    expect(digestIn(records, { from: 3, to: 3 })).toBe(recordDigest(records.at(3)!.record));
    for (const none of [
      { from: 0, to: SIZE },
      { from: -1, to: 2 },
      { from: 5, to: 2 },
      { from: SIZE, to: SIZE },
    ])
      expect(digestIn(records, none)).toBeUndefined();
  });
});
