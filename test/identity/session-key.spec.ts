import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  openSessionKey,
  SESSION_KEY_FILE,
  sharedSessionKey,
  SessionKey,
  SessionKeyError,
} from '../../src/identity/session-key.js';
import { sha256Hex } from '../../src/shared/sha256.js';
import { freshFolder } from '../support/folders.js';

const ONES = new SessionKey(Buffer.alloc(32, 1));

const refusal = (path: string): string => {
  try {
    openSessionKey(path);
  } catch (error) {
    expect(error).toBeInstanceOf(SessionKeyError);
    return (error as SessionKeyError).code;
  }
  return 'taken';
};

describe('the session key', () => {
  it('is made where there is none, with its folder, 32 random bytes that only its owner reads', () => {
    const folder = join(freshFolder('session-key'), 'marks');
    const path = join(folder, SESSION_KEY_FILE);
    const made = openSessionKey(path);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([SESSION_KEY_FILE]);
    expect(made.digest).toBe(sha256Hex(Buffer.from(text.trim(), 'hex')));
    expect(openSessionKey(path).digest).toBe(made.digest);
    expect(openSessionKey(join(freshFolder('session-key'), SESSION_KEY_FILE)).digest).not.toBe(made.digest);
  });

  it('is refused where others may read it, where it is none, and where it cannot be read', () => {
    const path = join(freshFolder('session-key'), SESSION_KEY_FILE);
    openSessionKey(path);
    chmodSync(path, 0o640);
    expect(refusal(path)).toBe('session-key-exposed');
    for (const text of ['', 'ab'.repeat(31), `${'ab'.repeat(32)}\n\n`, 'AB'.repeat(32), 'x'.repeat(64)]) {
      writeFileSync(path, text);
      chmodSync(path, 0o600);
      expect(refusal(path)).toBe('session-key-malformed');
    }
    const folder = join(freshFolder('session-key'), 'folder');
    mkdirSync(folder, { mode: 0o700 });
    expect(refusal(folder)).toBe('session-key-unreadable');
  });

  it('is not shown', () => {
    expect(inspect(ONES, { depth: 9, showHidden: true })).not.toMatch(/01 01|1, 1/);
    expect(JSON.stringify(ONES)).toBe('{}');
  });
});

describe('a sealed text', () => {
  it('is the known one, so that processes of different versions agree', () => {
    expect(ONES.seal('purpose', 'body')).toBe('body.P2g2ahBsSO564xx6WesSqoj7t-Y78fYyU06CIG4p7gc');
  });

  it('opens for its purpose and key only, and in this one spelling', () => {
    const sealed = ONES.seal('a', 'some.body');
    expect(ONES.unseal('a', sealed)).toBe('some.body');
    expect(ONES.unseal('b', sealed)).toBeUndefined();
    expect(new SessionKey(Buffer.alloc(32, 2)).unseal('a', sealed)).toBeUndefined();
    const mac = sealed.slice(sealed.lastIndexOf('.') + 1);
    const wrongs = [
      '',
      '.',
      'some.body',
      'some.body.',
      `.${mac}`,
      mac,
      `${sealed}=`,
      `${sealed} `,
      `${sealed}.${mac}`,
    ];
    for (const wrong of wrongs) expect(ONES.unseal('a', wrong)).toBeUndefined();
  });
});

describe('processes of one ledger', () => {
  it('have one key, and another one does not start', () => {
    const heads = freshFolder('session-key');
    const { digest } = sharedSessionKey(heads);
    expect(sharedSessionKey(heads).digest).toBe(digest);
    const elsewhere = join(freshFolder('session-key'), 'key');
    openSessionKey(elsewhere);
    expect(() => sharedSessionKey(heads, elsewhere)).toThrow(/not the one that this ledger was served with/);
    // Neither does one that names a file that is not there yet.
    expect(() => sharedSessionKey(heads, join(freshFolder('session-key'), 'new'))).toThrow(/not the one/);
    expect(sharedSessionKey(heads).digest).toBe(digest);
  });

  it('get another one where it was deleted', () => {
    const heads = freshFolder('session-key');
    const { digest } = sharedSessionKey(heads);
    rmSync(join(heads, SESSION_KEY_FILE));
    expect(sharedSessionKey(heads).digest).not.toBe(digest);
  });
});
