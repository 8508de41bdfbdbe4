import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSECURE, readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { openStore } from '../../../src/store/open-store.js';
import { expectCode } from '../test-records.js';

const folder = mkdtempSync(join(tmpdir(), 'address-'));
const file = (name: string, text: string, mode = 0o600): string => {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
  return join(folder, name);
};
const ca = file('ca.pem', 'ca', 0o644);

describe('the address of a cluster', () => {
  it('is encrypted unless it is asked otherwise, by name and twice', () => {
    const { connectionString, warnings } = readKurrentDBAddress('kurrentdb://a:2113,b');
    expect(connectionString).toBe('kurrentdb://a:2113,b?tls=true');
    expect(warnings).toEqual([]);
    const insecure = readKurrentDBAddress('kurrentdb://a?tls=false&insecure=true');
    expect(insecure).toMatchObject({ connectionString: 'kurrentdb://a?tls=false', warnings: [INSECURE] });
    for (const half of [
      'tls=false',
      'insecure=true',
      'tls=true&insecure=true',
      'tls=no',
      'insecure=yes&tls=false',
    ])
      expect(() => readKurrentDBAddress(`kurrentdb://a?${half}`)).toThrow(/tls|insecure/);
  });

  it('takes the password from a file that only its owner reads', () => {
    const secret = file('secret', 'ledger:p@ss/w:örd\n');
    const { connectionString, shown, warnings } = readKurrentDBAddress(
      `kurrentdb+discover://db.example?credentialsFile=${secret}&tlsCaFile=${ca}`,
    );
    expect(connectionString).toBe(
      `kurrentdb+discover://ledger:p%40ss%2Fw%3A%C3%B6rd@db.example?tls=true&tlsCaFile=${encodeURIComponent(ca)}`,
    );
    expect(shown).toBe('kurrentdb+discover://db.example');
    expect(warnings).toEqual([]);
    const exposed = file('exposed', 'ledger:secret', 0o640);
    expect(() => readKurrentDBAddress(`kurrentdb://a?credentialsFile=${exposed}`)).toThrow(/chmod 600/);
    const empty = file('empty', 'nothing');
    expect(() => readKurrentDBAddress(`kurrentdb://a?credentialsFile=${empty}`)).toThrow(/user:password/);
  });

  it('says why a password does not belong into it, and sends none without TLS', () => {
    expect(readKurrentDBAddress('kurrentdb://u:p@a').warnings).toEqual([
      expect.stringMatching(/list of processes/),
    ]);
    expect(() => readKurrentDBAddress('kurrentdb://u:p@a?tls=false&insecure=true')).toThrow(/without TLS/);
  });

  it.each([
    ['another scheme', 'http://a', /kurrentdb:\/\//],
    ['no host', 'kurrentdb://', /host:2113/],
    ['a host that is none', 'kurrentdb://a b', /host:2113/],
    ['a parameter nobody knows', 'kurrentdb://a?tlsCa=x', /no parameter “tlsCa”/],
    ['a parameter twice', 'kurrentdb://a?prefix=a&prefix=b', /twice/],
    ['a parameter without a value', 'kurrentdb://a?prefix=', /no value/],
    ['a wish not to verify', 'kurrentdb://a?tlsVerifyCert=false', /always verified/],
    ['half a user certificate', `kurrentdb://a?userCertFile=${ca}`, /its key/],
    ['a certificate that is not there', 'kurrentdb://a?tlsCaFile=/nowhere/ca', /cannot be read/],
    ['certificates without TLS', `kurrentdb://a?tls=false&insecure=true&tlsCaFile=${ca}`, /without TLS/],
    ['a prefix with a slash', 'kurrentdb://a?prefix=a%2Fb', /prefix/],
    ['a broken escape', 'kurrentdb://a?prefix=%zz', /%25/],
    ['half a password', 'kurrentdb://u@a', /user:password/],
    ['passwords in two places', `kurrentdb://u:p@a?credentialsFile=${ca}`, /Leave out one/],
  ])('is refused with %s, in words', (_, text, message) => {
    expect(() => readKurrentDBAddress(text)).toThrow(message);
    expect(() => readKurrentDBAddress(text)).toThrow(expect.objectContaining({ code: 'address' }));
  });

  it('never repeats a password in a refusal', () => {
    for (const text of [
      'kurrentdb://u:hunter2@a?x=1',
      'kurrentdb://u:hunter2@a b',
      'kurrentdb://u:hun%zzter2@a',
    ])
      expect(() => readKurrentDBAddress(text)).toThrow(
        expect.not.objectContaining({ message: expect.stringMatching(/ter2/) }),
      );
  });

  it('is taken for nothing else', async () => {
    await expectCode(openStore(folder, { store: 'postgres://a', holder: 'test' }), 'address');
  });

  it('is said out loud where it is insecure', async () => {
    const said: string[] = [];
    const store = await openStore(folder, {
      store: 'kurrentdb://127.0.0.1:1?tls=false&insecure=true',
      holder: 'test',
      create: true,
      report: (message) => said.push(message),
    });
    expect(said).toEqual([INSECURE]);
    await store.close();
  });
});
