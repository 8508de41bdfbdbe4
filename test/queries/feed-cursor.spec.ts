import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, type SpelledPlace } from '../../src/queries/feed-cursor.js';
import { runs } from '../support/effort.js';

const LEDGER = 'a'.repeat(32);

const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const places: fc.Arbitrary<SpelledPlace> = fc
  .record({
    sizes: fc.tuple(count, count),
    passed: count,
    others: fc.uniqueArray(fc.tuple(fc.nat(2000), count), { selector: ([place]) => place, maxLength: 40 }),
  })
  .map(({ sizes, passed, others }) => ({
    from: Math.min(...sizes),
    to: Math.max(...sizes),
    passed,
    others: new Map(others.sort(([one], [other]) => one - other)),
  }));

it('gives back the place that it stands for', () => {
  fc.assert(
    fc.property(places, (place) => {
      expect(decodeCursor(LEDGER, encodeCursor(LEDGER, place))).toEqual(place);
    }),
    runs(100),
  );
});

it('takes no other spelling of a place: each has one cursor', () => {
  fc.assert(
    fc.property(places, fc.string({ maxLength: 3 }), fc.nat(), fc.nat(3), (place, text, at, cut) => {
      const cursor = encodeCursor(LEDGER, place);
      const where = at % (cursor.length + 1);
      const other = cursor.slice(0, where) + text + cursor.slice(where + cut);
      fc.pre(other !== cursor);
      expect(decodeCursor(LEDGER, other)).toBeUndefined();
    }),
    runs(1000),
  );
});

it('is worth nothing in another ledger', () => {
  const cursor = encodeCursor(LEDGER, { from: 0, to: 3, passed: 0, others: new Map([[0, 5]]) });
  expect(decodeCursor('b'.repeat(32), cursor)).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['a version to come', '3AAAAAA'],
  ['too few bytes for a check', '2AAA'],
  ['not base64url', '2++//++//'],
  ['a number without an end', `2${Buffer.alloc(4000, 0xff).toString('base64url')}`],
])('does not take %s', (_what, text) => {
  expect(decodeCursor(LEDGER, text)).toBeUndefined();
});

/** The digit, and what docs/feed.md says after it. */
function byHand(version: string, body: readonly number[]): string {
  const bytes = Buffer.from(body);
  const check = createHash('sha256').update(Buffer.from(LEDGER, 'latin1')).update(bytes).digest();
  return version + Buffer.concat([check.subarray(0, 4), bytes]).toString('base64url');
}

it('is written as documented', () => {
  // Anchored by 200 and by 1,000 lab records, five studies passed; of the ninth and the tenth 300 records, and none.
  const place = {
    from: 200,
    to: 1000,
    passed: 5,
    others: new Map([
      [8, 300],
      [9, 0],
    ]),
  };
  const body = [0xc8, 0x01, 0xe8, 0x07, 0x05, 0x09, 0xac, 0x02, 0x01, 0x00];
  expect(encodeCursor(LEDGER, place)).toBe(byHand('2', body));
});

it('of the first version is still taken: the third study registered, 300 of its records', () => {
  expect(decodeCursor(LEDGER, byHand('1', [0x03, 0xac, 0x02]))).toEqual({
    from: 0,
    to: 0,
    passed: 0,
    others: new Map([[2, 300]]),
  });
});

it('is refused where it ends within a pair, names a study twice, or counts the lab backwards', () => {
  for (const body of [
    [0, 0, 0, 1],
    [0, 0],
    [0, 0, 0, 0, 5],
    [2, 1, 0],
  ])
    expect(decodeCursor(LEDGER, byHand('2', body))).toBeUndefined();
});
