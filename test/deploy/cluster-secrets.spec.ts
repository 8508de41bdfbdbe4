import { X509Certificate, createPrivateKey } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshFolder } from '../support/folders.js';

const script = fileURLToPath(new URL('../../deploy/cluster-secrets.sh', import.meta.url));
const folder = freshFolder('secrets');
const [server, ledger] = [join(folder, 'server'), join(folder, 'ledger')];
const run = (): void => void execFileSync('sh', [script, server, ledger], { stdio: 'ignore' });

function contents(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    files
      .filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
}

beforeAll(run);

it('makes a certificate that its authority vouches for, for this machine only', () => {
  const authority = new X509Certificate(readFileSync(join(server, 'ca', 'ca.crt')));
  const node = new X509Certificate(readFileSync(join(server, 'node.crt')));
  expect(node.verify(authority.publicKey)).toBe(true);
  expect(node.checkPrivateKey(createPrivateKey(readFileSync(join(server, 'node.key'))))).toBe(true);
  expect([node.ca, authority.ca]).toEqual([false, true]);
  expect(node.subject).toBe('CN=study-ledger-node');
  expect(node.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(node.checkHost('example.org')).toBeUndefined();
});

it('keeps no key of the authority, and shows the ledger nothing of the server', () => {
  expect(Object.keys(contents())).toEqual([
    'ledger/ca.crt',
    'ledger/ledger',
    'server/admin',
    'server/ca/ca.crt',
    'server/node.crt',
    'server/node.key',
    'server/ops',
  ]);
  expect(Object.values(contents()).filter((text) => text.includes('PRIVATE KEY'))).toHaveLength(1);
});

it('makes passwords of their own that only the owner reads', () => {
  const made = ['server/admin', 'server/ops', 'ledger/ledger'].map((file) => contents()[file] ?? '');
  expect(made.map((line) => line.split(':')[0])).toEqual(['admin', 'ops', 'ledger']);
  expect(new Set(made.map((line) => line.split(':')[1])).size).toBe(3);
  for (const line of made) expect(line).toMatch(/^[a-z]+:[0-9a-f]{48}\n$/);
  for (const file of Object.keys(contents())) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
});

it('leaves alone what is there, and makes what is missing', () => {
  const before = contents();
  run();
  expect(contents()).toEqual(before);
  rmSync(join(server, 'ops'));
  run();
  const { 'server/ops': made, ...rest } = contents();
  const { 'server/ops': was, ...others } = before;
  expect(rest).toEqual(others);
  expect(made).not.toBe(was);
});
