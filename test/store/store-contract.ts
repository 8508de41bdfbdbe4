import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  PAGE_RECORDS,
  type EventStore,
  type NewRecord,
  type StoredRecord,
} from '../../src/store/event-store.js';
import { isStoreError } from '../../src/store/store-error.js';
import { expectCode, failure, readAll, record, records } from './test-records.js';
import { runs } from '../support/effort.js';

/** How a store is made for a test. */
export interface Subject {
  /** A store for one test, which closes it. Streams of other tests may be in it. */
  open(): Promise<EventStore>;
}

/** A stream that is what the tree needs: whole, in order, with the leaf hashes of the texts. */
function expectStream(stored: readonly StoredRecord[], appended: readonly NewRecord[], from = 0): void {
  expect(stored).toEqual(appended.map(({ text, leaf }, i) => ({ number: from + i, text, leaf })));
}

/** What every store promises. Each adapter's spec runs it; what an adapter promises besides is in its own spec. */
export function describeStore(name: string, subject: Subject): void {
  describe(`${name}: the contract of a store`, () => {
    let store: EventStore;
    let stream: string;

    beforeEach(async () => {
      store = await subject.open();
      stream = `study-${randomUUID().toUpperCase()}`;
    });
    afterEach(() => store.close());

    it('knows nothing of a stream that was never appended to', async () => {
      expect(await store.size(stream)).toBe(0);
      expect(await readAll(store, stream)).toEqual([]);
    });

    it('appends at the size it is told, and hands back what it was given', async () => {
      const [first, second, third] = records(3) as [NewRecord, NewRecord, NewRecord];
      await store.append(stream, 0, [first]);
      await store.append(stream, 1, [second, third]);
      expect(await store.size(stream)).toBe(3);
      expectStream(await readAll(store, stream), [first, second, third]);
    });

    it('hands out no leaf hash that is not that of the text, where it says that it hashes on reading', async () => {
      const [one, other] = records(2) as [NewRecord, NewRecord];
      await store.append(stream, 0, [{ ...one, leaf: other.leaf }]);
      if (store.hashesOnRead) await expectCode(readAll(store, stream), 'integrity');
      else expect((await readAll(store, stream))[0]!.leaf).toBe(other.leaf);
    });

    it.each([
      ['a stream that exists', 2, 0],
      ['a size that has passed', 2, 1],
      ['a size not yet reached', 2, 3],
      ['a stream that does not exist', 0, 1],
    ])(
      'refuses an append to %s, reports the actual size and leaves no trace',
      async (_, actual, expected) => {
        const before = records(actual, 'before');
        if (actual > 0) await store.append(stream, 0, before);
        const error = await failure(store.append(stream, expected, records(2, 'after')));
        expect(error).toMatchObject({ code: 'conflict', actualSize: actual });
        expectStream(await readAll(store, stream), before);
        await store.append(stream, actual, records(1, 'next'));
        expect(await store.size(stream)).toBe(actual + 1);
      },
    );

    it('takes the exact repetition of an append as done, also when the stream has moved on', async () => {
      const first = records(2, 'first');
      const then = records(1, 'then');
      await store.append(stream, 0, first);
      await store.append(stream, 0, first);
      await store.append(stream, 2, then);
      await store.append(stream, 0, first);
      expectStream(await readAll(store, stream), [...first, ...then]);
    });

    it('takes a repetition that differs in part for a conflict', async () => {
      const [first, second] = records(2) as [NewRecord, NewRecord];
      await store.append(stream, 0, [first, second]);
      await expectCode(store.append(stream, 0, [first, record('{"other":1}')]), 'conflict');
      await expectCode(store.append(stream, 0, [first, second, record('{"more":1}')]), 'conflict');
      await expectCode(store.append(stream, 0, [second]), 'conflict');
      expectStream(await readAll(store, stream), [first, second]);
    });

    it('lets exactly one of many writers win each size', async () => {
      const writers = 8;
      const sizes = 25;
      for (let size = 0; size < sizes; size++) {
        const attempts = Array.from({ length: writers }, (_, w) => record(`{"writer":${w},"size":${size}}`));
        const settled = await Promise.allSettled(attempts.map((r) => store.append(stream, size, [r])));
        const won = settled.filter(({ status }) => status === 'fulfilled');
        expect(won).toHaveLength(1);
        for (const result of settled)
          if (result.status === 'rejected')
            expect(result.reason).toMatchObject({ code: 'conflict', actualSize: size + 1 });
      }
      expect((await readAll(store, stream)).map(({ number }) => number)).toEqual([...Array(sizes).keys()]);
    });

    it('keeps every answered append of writers that catch up and try again', async () => {
      const writer = async (w: number): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          for (;;) {
            const size = await store.size(stream);
            const result = await store
              .append(stream, size, [record(`{"w":${w},"i":${i}}`)])
              .catch((e: unknown) => e);
            if (result === undefined) break;
            if (!isStoreError(result, 'conflict')) throw result;
          }
        }
      };
      await Promise.all([0, 1, 2, 3].map(writer));
      const texts = (await readAll(store, stream)).map(({ text }) => text);
      expect(new Set(texts).size).toBe(40);
      expect(texts).toHaveLength(40);
    });

    it('affects no other append of the same moment when it refuses one', async () => {
      const before = records(2, 'before');
      await store.append(stream, 0, before);
      const good = records(3, 'good');
      const [other, A, B] = ['OTHER', 'A', 'B'].map((end) => `${stream}-${end}`) as [string, string, string];
      const settled = await Promise.allSettled([
        store.append(A, 0, [good[0]!]),
        store.append(stream, 0, records(2, 'late')),
        store.append(other, 5, records(2, 'early')),
        store.append(stream, 2, [good[1]!]),
        store.append(stream, 2, []),
        store.append(B, 0, [good[2]!]),
      ]);
      expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([
        true,
        false,
        false,
        true,
        false,
        true,
      ]);
      expectStream(await readAll(store, stream), [...before, good[1]!]);
      expectStream(await readAll(store, A), [good[0]!]);
      expectStream(await readAll(store, B), [good[2]!]);
      expect(await store.size(other)).toBe(0);
    });

    it.each([0, 1, PAGE_RECORDS - 1, PAGE_RECORDS, PAGE_RECORDS + 1, 2 * PAGE_RECORDS + 3])(
      'reads %d records in pages, without a gap and none of them empty',
      async (count) => {
        const all = records(count);
        if (count > 0) await store.append(stream, 0, all);
        const pages: (readonly StoredRecord[])[] = [];
        for await (const page of store.read(stream)) pages.push(page);
        expect(pages.every((page) => page.length > 0)).toBe(true);
        expectStream(pages.flat(), all);
      },
    );

    it('reads from any number on, and nothing from the end on', async () => {
      const all = records(PAGE_RECORDS + 5);
      await store.append(stream, 0, all);
      for (const from of [0, 1, PAGE_RECORDS - 1, PAGE_RECORDS, PAGE_RECORDS + 4, all.length, all.length + 7])
        expectStream(await readAll(store, stream, from), all.slice(from), from);
    });

    it('can be appended to while it is being read, and after a reader has turned away', async () => {
      const all = records(PAGE_RECORDS * 2);
      await store.append(stream, 0, all);
      let size = all.length;
      const seen: StoredRecord[] = [];
      for await (const page of store.read(stream)) {
        seen.push(...page);
        await store.append(stream, size++, [record(`{"meanwhile":${size}}`)]);
      }
      expect(seen.slice(0, all.length)).toHaveLength(all.length);
      for await (const page of store.read(stream)) {
        expect(page[0]?.number).toBe(0);
        break;
      }
      await store.append(stream, size++, records(1, 'after'));
      expect(await store.size(stream)).toBe(size);
    });

    it('hands back whatever text it was given, to the byte', async () => {
      const json = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }).filter((s) => s.isWellFormed()),
        fc.string({ unit: 'grapheme-composite', maxLength: 300 }),
        fc.constantFrom(
          '\u0000',
          '\ufeff',
          '\ufeffx',
          '\ufffd',
          'a\ufffd\u{1f600}',
          '\u2028\u2029',
          '"\\\u0007',
          '𝒳é',
        ),
      );
      let size = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 5 }), async (values) => {
          // Numbered, so that no two appends are the same and taken for a repetition.
          const appended = values.map((value, i) => record(JSON.stringify({ n: size + i, value })));
          await store.append(stream, size, appended);
          expectStream(await readAll(store, stream, size), appended, size);
          size += appended.length;
        }),
        runs(60),
      );
    });

    it('takes records of 64 KiB, in every width of character', async () => {
      const wide = ['a', 'é', '€', '😀', '\ufffd'].map((c) => {
        const overhead = 8;
        return record(`{"v":"${c.repeat(Math.floor((65_535 - overhead) / Buffer.byteLength(c)))}"}`);
      });
      await store.append(stream, 0, wide);
      expectStream(await readAll(store, stream), wide);
    });

    it('refuses what is no append: no records, no size, no bytes, half a character, half a leaf hash', async () => {
      const whole = record('{}');
      await expectCode(store.append(stream, 0, []), 'invalid');
      await expectCode(store.append(stream, -1, [whole]), 'invalid');
      await expectCode(store.append(stream, 0.5, [whole]), 'invalid');
      await expectCode(store.append(stream, 0, [{ ...whole, text: '' }]), 'invalid');
      await expectCode(store.append(stream, 0, [{ ...whole, text: '"\ud83d"' }]), 'invalid');
      await expectCode(store.append(stream, 0, [{ ...whole, leaf: 'short' }]), 'invalid');
      expect(await store.size(stream)).toBe(0);
    });

    it('refuses more bytes than it takes at once, counted in UTF-8, and takes exactly so many', async () => {
      const characters = store.maxAppendBytes / 2;
      await expectCode(store.append(stream, 0, [record('é'.repeat(characters)), record('x')]), 'too-large');
      expect(await store.size(stream)).toBe(0);
      await store.append(stream, 0, [record('é'.repeat(characters - 1)), record('xy')]);
      expect(await store.size(stream)).toBe(2);
    });

    it('answers what was asked before it was closed, and refuses everything afterwards', async () => {
      const answered = store.append(stream, 0, records(1));
      await store.close();
      await answered;
      await store.close();
      await expectCode(store.append(stream, 1, records(1, 'late')), 'closed');
      await expectCode(store.size(stream), 'closed');
      await expectCode(readAll(store, stream), 'closed');
    });
  });
}
