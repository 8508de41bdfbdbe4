import fc from 'fast-check';
import { decodeCursor, encodeCursor, type Positions } from '../../src/queries/feed-cursor.js';
import { runs } from '../support/effort.js';

const LEDGER = 'a'.repeat(32);

const positions: fc.Arbitrary<Positions> = fc
  .uniqueArray(fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })), {
    selector: ([place]) => place,
    maxLength: 40,
  })
  .map((pairs) => new Map(pairs.sort(([one], [other]) => one - other)));

it('gives back the place that it stands for', () => {
  fc.assert(
    fc.property(positions, (place) => {
      expect(decodeCursor(LEDGER, encodeCursor(LEDGER, place))).toEqual(place);
    }),
    runs(100),
  );
});

it('takes no other spelling of a place: each has one cursor', () => {
  fc.assert(
    fc.property(positions, fc.string({ maxLength: 3 }), fc.nat(), fc.nat(3), (place, text, at, cut) => {
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
  const cursor = encodeCursor(LEDGER, new Map([[0, 5]]));
  expect(decodeCursor('b'.repeat(32), cursor)).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['a version to come', '2AAAAAA'],
  ['too few bytes for a check', '1AAA'],
  ['not base64url', '1++//++//'],
  ['a number without an end', `1${Buffer.alloc(4000, 0xff).toString('base64url')}`],
])('does not take %s', (_what, text) => {
  expect(decodeCursor(LEDGER, text)).toBeUndefined();
});

/** As docs/feed.md describes it, by hand: the third study registered, 300 of its records. */
it('is written as documented', async () => {
  const { createHash } = await import('node:crypto');
  const body = Buffer.from([0x03, 0xac, 0x02]);
  const check = createHash('sha256')
    .update(Buffer.from(LEDGER, 'latin1'))
    .update(body)
    .digest()
    .subarray(0, 4);
  const expected = `1${Buffer.concat([check, body]).toString('base64url')}`;
  expect(encodeCursor(LEDGER, new Map([[2, 300]]))).toBe(expected);
});
