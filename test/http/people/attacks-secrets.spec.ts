import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { freshFolder } from '../../support/folders.js';
import { Client, ORIGIN, begin, ok, type Sent } from '../../support/people.js';
import { START, exampleOf, fire, serving, stopIdleClients } from '../test-server.js';

/** A day with everything that goes wrong in it, and then a look at all that it left behind. */
it('names, codes, tokens and cookies stand in no record, no log and no refusal', async () => {
  const folder = freshFolder('secrets');
  const logged: unknown[] = [];
  const note = (...entry: unknown[]): void => void logged.push(entry);
  const server = await serving({
    simulated: false,
    store: openSqliteStore(folder, { create: true, holder: 'test' }),
    logger: { log: note, warn: note, error: note, debug: note, verbose: note, fatal: note },
    http: { attemptsAMinute: 100_000, log: note },
  });
  const refusals: string[] = [];
  const see = (answer: Sent): Sent => {
    if (answer.status >= 400) refusals.push(answer.text, JSON.stringify(answer.headers));
    return answer;
  };
  const secrets = new Map<string, string>();
  const keep = (what: string, secret: string): string => {
    secrets.set(what, secret);
    return secret;
  };

  const admin = new Client(server.url, 'admin-1');
  const code = keep('code of the first link', await begin(server.engine));
  secrets.set('name of the administrator', 'A. Example');
  ok(await admin.enrol(code));
  see(await admin.enrol(code));
  ok(await admin.signIn());
  keep('cookie', admin.cookie.split('=')[1]!);
  secrets.set('label of a passkey', 'Key of the test');

  const name = keep('name of a person', 'Wilhelmina Zwartendijk');
  ok(await admin.lab('RegisterPerson', { person: 'tech-1', name }));
  see(await admin.lab('RegisterPerson', { person: 'tech-1', name }));
  see(await admin.lab('RegisterPerson', { person: 'System', name }));
  see(await admin.lab('RegisterPerson', { person: 'tech-3', name: `${name}\u0000` }));
  see(await admin.lab('RegisterPerson', { person: 'tech-3', name: { of: name } }));
  see(await admin.lab('RegisterPerson', { person: name, name }));
  ok(await admin.lab('RenamePerson', { person: 'tech-1', name: keep('new name', 'Wilhelmina Oudekerk') }));
  const offered = ok(await admin.lab('OfferEnrolment', { person: 'tech-1' }));
  const link = keep('code of a link', offered.body['secret'] as string);
  const tech = new Client(server.url, 'tech-1');
  see(await new Client(server.url, 'admin-1').enrol(link));
  ok(await tech.enrol(link));
  see(await tech.enrol(link));
  ok(await admin.lab('ConfirmCredential', { credential: tech.credential, identity: 'in-person' }));
  ok(await tech.signIn());
  keep('cookie of a technician', tech.cookie.split('=')[1]!);
  see(await tech.signIn({ isSignatureAltered: true }));

  ok(await admin.lab('GrantRole', { person: 'tech-1', role: 'technician' }));
  const until = new Date(START + 86_400_000).toISOString();
  const label = keep('label of a token', 'Balance in room B-207');
  const token = await tech.lab('IssueToken', { person: 'tech-1', label, roles: ['technician'], until });
  const secret = keep('token', ok(token).body['secret'] as string);
  see(await tech.lab('IssueToken', { person: 'tech-1', label, roles: [label], until }));

  const raw = async (path: string, headers: Record<string, string>, body?: string): Promise<void> => {
    const sent = { headers: { host: new URL(ORIGIN).host, ...headers }, ...(body && { body }) };
    const { status, text, headers: given } = await fire(server.port, body ? 'POST' : 'GET', path, sent);
    if (status >= 400) refusals.push(text, JSON.stringify(given));
  };
  const bearer = { authorization: `Bearer ${secret}` };
  await raw('/api/v1/studies', bearer);
  await raw('/api/v1/studies', { ...bearer, cookie: tech.cookie });
  await raw('/api/v1/studies', { authorization: `Basic ${secret}` });
  await raw('/api/v1/studies', { authorization: `Bearer ${secret}x` });
  await raw(`/api/v1/studies?token=${secret}`, bearer);
  await raw('/api/v1/studies', { ...bearer, 'acting-role': secret });
  await raw('/api/v1/me', { cookie: `${tech.cookie}x` });
  const example = JSON.stringify(exampleOf('RecordBodyWeight'));
  const posted = { ...bearer, 'content-type': 'application/json', 'idempotency-key': secret };
  await raw('/api/v1/studies/KET-01/commands/record-body-weight', posted, example);
  await raw(
    '/api/v1/enrolment/options',
    { origin: ORIGIN, 'content-type': 'application/json' },
    `{"code":"${link}`,
  );
  await raw(`/sign-in/oidc/callback?code=${keep('code of the provider', 'c0de0fTheProvider')}&state=x`, {
    accept: 'text/html',
  });
  // A fault of the program as well.
  const log = server.engine.log.bind(server.engine);
  server.engine.log = () => Promise.reject(new Error('a fault'));
  for (const path of ['/api/v1/lab/records', '/api/v1/lab/checkpoint']) see(await admin.get(path));
  server.engine.log = log;
  await server.engine.accessNotes.flush(true);
  ok(await tech.post('/api/v1/sign-out'));
  stopIdleClients();
  await server.close();

  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => readFileSync(join(parentPath, file), 'latin1'));
  expect(bytes.join('')).toContain('PersonRegistered');
  expect(refusals.length).toBeGreaterThan(30);
  expect(JSON.stringify(logged)).toContain('a fault');
  const places = {
    'the store': bytes.join('\n'),
    'the logs': logged.map((entry) => textOf(entry)).join('\n'),
    refusals: refusals.join('\n'),
  };
  const found: string[] = [];
  for (const [what, text] of secrets)
    for (const form of formsOf(text))
      for (const [place, content] of Object.entries(places))
        if (content.includes(form)) found.push(`${what} in ${place}`);
  expect(found).toEqual([]);
});

/** As it is, in base64 and hexadecimal, and the digest of a text: that of a name could be guessed. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    createHash('sha256').update(text).digest('hex'),
    createHash('sha256').update(text).digest('base64url'),
    encodeURIComponent(text),
  ].filter((form) => form.length > 8);
}

function textOf(entry: unknown): string {
  return JSON.stringify(entry, (_, value: unknown) =>
    value instanceof Error ? { message: value.message, stack: value.stack } : value,
  );
}
