import fc from 'fast-check';
import {
  bytesToHash,
  fromBase64,
  fromBase64url,
  hashFromBase64,
  hashToBase64,
  isHash,
  parseDecimal,
  toBase64,
  toBase64url,
  toHex,
  utf8,
  utf8Text,
} from '../../src/tlog/encoding.js';
import { refusalCode } from './refusal.js';
import { runs } from '../support/effort.js';

const bytes = fc.uint8Array({ maxLength: 100 });
const thirtyTwo = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('base64', () => {
  it('is what Node writes, and comes back', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const text = Buffer.from(data).toString('base64');
        expect(toBase64(data)).toBe(text);
        expect(fromBase64(text)).toEqual(data);
      }),
      runs(100),
    );
  });

  it.each([
    ['the URL alphabet', '-_-_'],
    ['missing padding', 'QQ'],
    ['half the padding', 'QQ='],
    ['too much padding', 'QUJD===='],
    ['padding alone', '===='],
    ['padding in the middle', 'QQ==QQ=='],
    ['stray bits', 'QR=='],
    ['stray bits after two bytes', 'QUJ='],
    ['a line feed', 'QUJD\n'],
    ['white space', 'QU JD'],
    ['white space in place of a character', 'QUJ '],
    ['characters beyond ASCII', 'QUJé'],
    ['characters far beyond ASCII', 'QUJ\u4e00'],
    ['a single character', 'Q'],
    ['junk', '****'],
  ])('refuses %s', (_, text) => {
    expect(refusalCode(() => fromBase64(text))).toBe('bad-encoding');
  });

  it('never reads two texts as the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const code = refusalCode(() => expect(toBase64(fromBase64(text))).toBe(text));
        expect([undefined, 'bad-encoding']).toContain(code);
      }),
      runs(100),
    );
  });
});

describe('base64url without padding', () => {
  it('is what Node writes, and comes back', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const text = Buffer.from(data).toString('base64url');
        expect(toBase64url(data)).toBe(text);
        expect(fromBase64url(text)).toEqual(data);
      }),
      runs(100),
    );
  });

  it.each(['+/+/', 'QQ==', 'QQ=', 'QR', 'QUJ', 'Q', 'QUJD\n', 'QU JD', 'QUJé', '****'])(
    'refuses %j',
    (text) => {
      expect(refusalCode(() => fromBase64url(text))).toBe('bad-encoding');
    },
  );
});

describe('hex', () => {
  it('is what Node writes', () => {
    fc.assert(
      fc.property(bytes, (data) => expect(toHex(data)).toBe(Buffer.from(data).toString('hex'))),
      runs(100),
    );
  });
});

describe('hashes', () => {
  it('go through bytes and base64 and come back', () => {
    fc.assert(
      fc.property(thirtyTwo, (data) => {
        const hash = bytesToHash(data);
        expect(hash).toBe(Buffer.from(data).toString('latin1'));
        expect(hashFromBase64(hashToBase64(hash))).toBe(hash);
      }),
      runs(100),
    );
  });

  it('have exactly 32 bytes', () => {
    for (const length of [0, 1, 31, 33, 64]) {
      expect(refusalCode(() => bytesToHash(new Uint8Array(length)))).toBe('bad-hash');
      expect(refusalCode(() => hashFromBase64(toBase64(new Uint8Array(length))))).toBe('bad-hash');
      expect(refusalCode(() => hashToBase64('\0'.repeat(length)))).toBe('bad-hash');
    }
  });

  it('hold no character beyond a byte, which would be cut to another one', () => {
    const sample = '\u00ff'.repeat(31);
    expect(isHash(sample + 'a')).toBe(true);
    expect(isHash(sample + '\u0161')).toBe(false);
    expect(isHash(new Uint8Array(32))).toBe(false);
    expect(isHash(undefined)).toBe(false);
    expect(refusalCode(() => hashToBase64(sample + '\u0161'))).toBe('bad-hash');
    expect(refusalCode(() => hashToBase64(sample))).toBe('bad-hash');
  });
});

describe('decimal numbers', () => {
  it('are digits without a leading zero, up to the last exact integer', () => {
    for (const value of [0, 1, 10, 4294967296, 9007199254740991])
      expect(parseDecimal(String(value))).toBe(value);
  });

  it.each([
    '',
    '00',
    '01',
    '-0',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    '1e3',
    '1.0',
    '1_000',
    '٣',
    '9007199254740992',
    '9'.repeat(400),
  ])('refuses %j', (text) => {
    expect(refusalCode(() => parseDecimal(text))).toBe('bad-encoding');
  });
});

describe('text', () => {
  it('goes through UTF-8 and comes back, with a byte order mark', () => {
    for (const text of ['', 'é😀\u2028', '\ufeffa']) expect(utf8Text(utf8(text))).toBe(text);
    expect(utf8('é')).toEqual(Uint8Array.of(0xc3, 0xa9));
  });

  it.each([
    ['a byte that never occurs', [0xff]],
    ['a cut sequence', [0xc3]],
    ['a long form', [0xc0, 0x8a]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ])('refuses %s', (_, bad) => {
    expect(refusalCode(() => utf8Text(Uint8Array.from(bad)))).toBe('bad-encoding');
  });
});
