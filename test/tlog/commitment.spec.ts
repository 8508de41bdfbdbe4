import fc from 'fast-check';
import { canonical } from '../../src/tlog/canonical.js';
import { checkCanonical } from '../../src/tlog/check-canonical.js';
import {
  commitmentsIn,
  digestOf,
  isCommitment,
  makeDisclosure,
  opens,
  readDisclosure,
} from '../../src/tlog/commitment.js';
import { toBase64url, utf8 } from '../../src/tlog/encoding.js';
import { Commitment } from '../../src/study/schema.js';
import { matches } from '../../src/study/schema.js';
import { makeRecordable } from '../../src/study/events/recordable.js';
import { runs } from '../support/effort.js';
import { sha256 } from './sha256.js';

const SALT = new Uint8Array(32).fill(7);
const NAME = 'Dr A. Example';
const DIGEST = 'ukenjPH27B5C06EBoUX-TisGUGg_7ZGavVTAZynDaZU';

/** Values of the leaf profile, names foremost. */
const values = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter(isRecordable),
  fc.record({ count: fc.integer(), text: fc.string({ unit: 'grapheme-ascii', maxLength: 20 }) }),
  fc.array(fc.boolean(), { maxLength: 3 }),
);
const salts = fc.uint8Array({ minLength: 32, maxLength: 32 });

function isRecordable(value: unknown): boolean {
  try {
    canonical(value);
    return true;
  } catch {
    return false;
  }
}

const written = (parts: unknown) => toBase64url(utf8(JSON.stringify(parts)));

describe('a commitment', () => {
  it('has the digest that is known', () => {
    const disclosure = makeDisclosure(SALT, NAME);
    expect(digestOf(sha256, disclosure)).toBe(DIGEST);
    expect(readDisclosure(disclosure)).toEqual({ salt: SALT, value: NAME });
  });

  it('is opened by its disclosure, whatever the value', () => {
    fc.assert(
      fc.property(salts, values, (salt, value) => {
        const disclosure = makeDisclosure(salt, value);
        expect(opens(sha256, digestOf(sha256, disclosure), disclosure)).toBe(true);
        expect(readDisclosure(disclosure)).toEqual({ salt, value });
      }),
      runs(500),
    );
  });

  it('is opened by nothing else: an altered salt, value, digest or character is noticed', () => {
    fc.assert(
      fc.property(salts, values, values, fc.nat(31), fc.nat(), (salt, value, other, byte, at) => {
        fc.pre(canonical(value) !== canonical(other));
        const disclosure = makeDisclosure(salt, value);
        const digest = digestOf(sha256, disclosure);
        const altered = Uint8Array.from(salt, (one, i) => (i === byte ? one ^ 1 : one));
        const place = at % disclosure.length;
        const by = disclosure[place] === 'A' ? 'B' : 'A';
        for (const forged of [
          makeDisclosure(altered, value),
          makeDisclosure(salt, other),
          disclosure.slice(0, place) + by + disclosure.slice(place + 1),
          disclosure.slice(0, place),
        ])
          expect(opens(sha256, digest, forged)).toBe(false);
        const swapped = digestOf(sha256, makeDisclosure(salt, other));
        expect(opens(sha256, swapped, disclosure)).toBe(false);
      }),
      runs(200),
    );
  });

  it.each([
    ['no base64url', 'a+b='],
    ['padding', `${makeDisclosure(SALT, NAME)}=`],
    ['no UTF-8', toBase64url(Uint8Array.of(0x5b, 0xff, 0x5d))],
    ['white space', toBase64url(utf8(`[ "${toBase64url(SALT)}","a"]`))],
    ['no list', written({ salt: toBase64url(SALT), value: 'a' })],
    ['three parts', written([toBase64url(SALT), 'name', 'a'])],
    ['a short salt', written([toBase64url(SALT.subarray(1)), 'a'])],
    ['a salt that is no text', written([7, 'a'])],
    ['null', written([toBase64url(SALT), null])],
    ['nothing', ''],
  ])('is not opened by %s, even where the digest is its own', (_, disclosure) => {
    expect(() => readDisclosure(disclosure)).toThrow(expect.objectContaining({ code: 'bad-disclosure' }));
    expect(opens(sha256, digestOf(sha256, disclosure), disclosure)).toBe(false);
  });

  it('takes neither a short salt nor a value that no record may hold', () => {
    expect(() => makeDisclosure(SALT.subarray(1), NAME)).toThrow('a salt has 32 bytes, not 31');
    expect(() => makeDisclosure(SALT, 'a\u0007')).toThrow('control character');
    expect(() => makeDisclosure(SALT, 0.5)).toThrow('integer');
  });
});

describe('a commitment in a record', () => {
  const data = { person: 'anna-b', name: { '...': DIGEST } };

  it('passes the canonical profile, and what a command goes through', () => {
    const text = canonical({ data });
    expect(checkCanonical(text)).toEqual({ data });
    expect(makeRecordable(data)).toEqual(data);
    expect(matches(Commitment, data.name)).toBe(true);
  });

  it.each([
    {},
    { '...': 'short' },
    { '...': `${DIGEST.slice(0, -1)}V` },
    { '...': `${DIGEST}A` },
    { '...': DIGEST, more: 1 },
    DIGEST,
    null,
  ])('%j is none', (value) => {
    expect(isCommitment(value)).toBe(false);
    expect(matches(Commitment, value)).toBe(false);
  });

  it('is found with its place', () => {
    const record = { data: { 'a/b~c': [1, { '...': DIGEST }], name: { '...': DIGEST }, text: '...' } };
    expect([...commitmentsIn(record)]).toEqual([
      { pointer: '/data/a~1b~0c/1', digest: DIGEST },
      { pointer: '/data/name', digest: DIGEST },
    ]);
  });
});
