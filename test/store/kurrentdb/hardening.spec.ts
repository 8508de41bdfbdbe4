import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeUser } from '../../../src/store/kurrentdb/make-user.js';
import { readCredentialsFile, readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { findExcessRights } from '../../../src/store/kurrentdb/excess-rights.js';
import { addUser, harden } from '../../../src/store/kurrentdb/hardening.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { freshFolder } from '../../support/folders.js';
import { KurrentDBDouble } from './server-double.js';
import { expectCode, readAll, records } from '../test-records.js';

const folder = freshFolder('hardening');

function secret(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const admin = secret('admin', 'admin:a-password\n');
const ledger = secret('ledger', 'ledger:another\n');

describe('what cannot be hardened', () => {
  it.each([
    ['a connection without TLS', 'kurrentdb://127.0.0.1:1?tls=false&insecure=true', admin],
    ['a ledger without a user', 'kurrentdb://127.0.0.1:1', admin],
    ['a ledger that is its own administrator', `kurrentdb://127.0.0.1:1?credentialsFile=${admin}`, admin],
    [
      'an administrator whose password others may read',
      `kurrentdb://127.0.0.1:1?credentialsFile=${ledger}`,
      secret('open', 'admin:a-password\n', 0o644),
    ],
  ])('%s', async (_what, address, file) => {
    await expectCode(harden(address, file), 'address');
  });
});

describe('the rights of a server that others use', () => {
  it('are to be given to both users', () => {
    const set = { $userStreamAcl: { $r: ['them', '$all'], $w: 'them', $d: 'them' }, $systemStreamAcl: {} };
    expect(addUser(JSON.stringify(set), 'ledger')).toEqual({
      $userStreamAcl: {
        $r: ['them', '$all', 'ledger'],
        $w: ['them', 'ledger'],
        $d: '$admins',
        $mr: ['ledger'],
        $mw: '$admins',
      },
      $systemStreamAcl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
    });
  });

  it('are this ledger’s alone where nobody can read them', () => {
    expect(addUser('{', 'ledger')).toMatchObject({ $userStreamAcl: { $r: ['ledger'], $d: '$admins' } });
  });
});

it('says nothing of an insecure connection, whose owner is told anyway', async () => {
  const double = await KurrentDBDouble.start();
  expect(await findExcessRights(double.url)).toEqual([]);
  double.stop();
});

// These change the rights of a whole server, so they take one that was started for them, fresh, with TLS.
const { KURRENTDB_HARDEN_URL: url, KURRENTDB_HARDEN_ADMIN: adminFile } = process.env;

if (url === undefined || adminFile === undefined) {
  process.stdout.write('kurrentdb hardening on a real server: skipped: no KURRENTDB_HARDEN_URL and _ADMIN\n');
} else {
  describe('a real server with TLS', () => {
    const address = readKurrentDBAddress(url);
    const user = address.credentials!;

    it('does not take anybody for an administrator', async () => {
      await expectCode(makeUser(address, user, ['admin', 'wrong']), 'denied');
    });

    it('is open as it is installed, and closed by one event; doing it again does nothing [R5]', async () => {
      expect(await findExcessRights(url)).toEqual([expect.stringContaining('password')]);
      await makeUser(address, user, readCredentialsFile(adminFile));
      const loose = await findExcessRights(url);
      expect(loose).toEqual([
        expect.stringMatching(/allowed to delete the stream lab/),
        expect.stringMatching(/allowed to cut the stream lab/),
      ]);
      expect(await harden(url, adminFile)).toEqual({ user: user[0], rightsSet: true });
      expect(await findExcessRights(url)).toEqual([]);
      expect(await harden(url, adminFile)).toEqual({ user: user[0], rightsSet: false });
    });

    it('lets the ledger’s user append and read', async () => {
      const store = new KurrentDBStore(address);
      await store.append('lab', 0, records(3));
      expect(await readAll(store, 'lab')).toHaveLength(3);
      expect(await findExcessRights(url)).toEqual([]);
      expect(await store.size('lab')).toBe(3);
      await store.close();
    });

    it('is not made over where others have set its rights', async () => {
      const other = secret('other', 'somebody:a-password-of-theirs\n');
      const theirs = url.replace(/credentialsFile=[^&]*/, `credentialsFile=${other}`);
      await expectCode(harden(theirs, adminFile), 'conflict');
      // No user was made, so nobody signs in as it.
      const store = new KurrentDBStore(readKurrentDBAddress(theirs));
      await expectCode(store.size('lab'), 'denied');
      await store.close();
    });
  });
}
