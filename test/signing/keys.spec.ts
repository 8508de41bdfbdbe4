import { chmodSync, openSync, closeSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ed25519Key, ed25519Verify } from '../../src/signing/ed25519.js';
import { KeyRing, logSeed } from '../../src/signing/key-ring.js';
import {
  DEMO_SEED,
  SeedError,
  createSeedFile,
  mustBeSecret,
  readSeedDescriptor,
  readSeedFile,
} from '../../src/signing/seed.js';
import { hashFromBase64 } from '../../src/tlog/encoding.js';
import { signCheckpoint } from '../../src/tlog/sign.js';
import { freshFolder } from '../support/folders.js';

const ORIGIN = 'lab.example/ledger/study/NP-001';

describe('keys derived from the master seed (2.6.2)', () => {
  it('are the known ones', () => {
    expect(Buffer.from(logSeed(DEMO_SEED, ORIGIN, 1)).toString('hex')).toBe(
      'd402fa2766924dee4c6a6a4179932601e18db838ccdda831b53a02b27a27f4fb',
    );
    expect(new KeyRing(DEMO_SEED).key(ORIGIN).vkey).toBe(
      'lab.example/ledger/study/NP-001+f2adfec2+AamtRSkDcSN5qHBAYi6+TWWFpRhg8y1sLF4+c6/wPkte',
    );
  });

  it('sign the checkpoint of seven leaves as is known', () => {
    const { key, sign } = new KeyRing(DEMO_SEED).key(ORIGIN);
    const root = hashFromBase64('o+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=');
    expect(signCheckpoint({ origin: ORIGIN, size: 7, root }, key, sign)).toBe(
      `${ORIGIN}\n7\no+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=\n\n` +
        `— ${ORIGIN} 8q3+wlTOeqjz3swswTpcWUgjjKqw+C0UZYFcypmsZT+nQK6GUuF6CooAuo0geehixg24kZ9313s6nb831X6bnbOFtA8=\n`,
    );
  });

  it('differ by log and by epoch', () => {
    const ring = new KeyRing(DEMO_SEED);
    expect(ring.key(ORIGIN, 2).vkey).not.toBe(ring.key(ORIGIN, 1).vkey);
    expect(ring.key('lab.example/ledger/lab').vkey).not.toBe(ring.key('lab.example/ledger/access').vkey);
  });

  it('verify, and refuse what is no point or no signature', () => {
    const { publicKey, sign } = ed25519Key(DEMO_SEED);
    const message = new TextEncoder().encode('text\n');
    expect(ed25519Verify(publicKey, message, sign(message))).toBe(true);
    expect(ed25519Verify(publicKey, message.subarray(1), sign(message))).toBe(false);
    expect(ed25519Verify(publicKey.subarray(1), message, sign(message))).toBe(false);
  });

  it('do not show the seed', () => {
    const ring = new KeyRing(DEMO_SEED);
    expect(inspect(ring, { depth: 9, showHidden: true })).not.toMatch(/0, 1, 2|00 01 02/);
    expect(JSON.stringify(ring)).not.toMatch(/0,1,2|000102/);
  });
});

describe('the seed file', () => {
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof SeedError) return error.code;
      throw error;
    }
    return 'taken';
  };

  it('is made once, 64 hex digits that only its owner reads', () => {
    const file = join(freshFolder('seed'), 'master.seed');
    expect(createSeedFile(file)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(createSeedFile(file)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readSeedFile(file).holds(Buffer.from(text.trim(), 'hex'))).toBe(true);
  });

  it.each([0o644, 0o640, 0o604, 0o660])('is refused with mode %o', (mode) => {
    const file = join(freshFolder('seed'), 'master.seed');
    createSeedFile(file);
    chmodSync(file, mode);
    expect(refusal(() => readSeedFile(file))).toBe('seed-exposed');
  });

  it.each(['', '00', 'zz'.repeat(32), `${'00'.repeat(32)}\n\n`, 'AB'.repeat(32), '00'.repeat(33)])(
    'is refused where it holds %j',
    (text) => {
      const file = join(freshFolder('seed'), 'master.seed');
      writeFileSync(file, text, { mode: 0o600 });
      expect(refusal(() => readSeedFile(file))).toBe('seed-malformed');
    },
  );

  it('is missed where it is not there', () => {
    expect(refusal(() => readSeedFile('/nowhere/master.seed'))).toBe('seed-missing');
  });

  it('never shows in an error', () => {
    const file = join(freshFolder('seed'), 'master.seed');
    writeFileSync(file, `${'0123456789abcdef'.repeat(4)}x`, { mode: 0o600 });
    expect(() => readSeedFile(file)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('0123') }),
    );
  });

  it('comes through a descriptor as well', () => {
    const file = join(freshFolder('seed'), 'seed');
    writeFileSync(file, '0f'.repeat(32), { mode: 0o600 });
    const descriptor = openSync(file, 'r');
    expect(readSeedDescriptor(descriptor).holds(Buffer.alloc(32, 0x0f))).toBe(true);
    closeSync(descriptor);
    expect(refusal(() => readSeedDescriptor(descriptor))).toBe('seed-unreadable');
  });

  it('of the demo is refused for a real ledger', () => {
    expect(refusal(() => mustBeSecret(new KeyRing(DEMO_SEED)))).toBe('seed-published');
    expect(mustBeSecret(new KeyRing(Buffer.alloc(32, 7)))).toBeInstanceOf(KeyRing);
  });
});
