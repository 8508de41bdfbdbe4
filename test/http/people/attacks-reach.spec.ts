import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT, TestProvider } from '../../identity/test-provider.js';
import { freshFolder } from '../../support/folders.js';
import { Client, administratorOf, hire, ok, type Sent } from '../../support/people.js';
import { exampleOf, serving, type Serving } from '../test-server.js';
import { addressOf } from './role-callers.js';
import { READING } from './role-table.js';

const CALLBACK = '/sign-in/oidc/callback';
const told = ({ status, body }: Sent) => [status, body['code']];

describe('somebody of another study', () => {
  let server: Serving;
  let stranger: Client;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 100_000 } });
    const admin = await administratorOf(server);
    const director = await hire(admin, 'example-sd', ['director']);
    const { data } = exampleOf('RegisterStudy') as { data: object };
    for (const [code, title] of [
      ['KET-01', 'Hidden title'],
      ['KET-02', 'Open title'],
    ] as const) {
      ok(await director.send('RegisterStudy', { data: { ...data, title, director: 'example-sd' } }, code));
      ok(await director.send('ApproveProtocol', undefined, code));
      const example = exampleOf('EnrolSubject');
      ok(await director.send('EnrolSubject', { ...example, subject: `OF-${code.at(-1)!}` }, code));
    }
    stranger = await hire(admin, 'tech-2', [{ role: 'technician', study: 'KET-02' }], director);
  });
  afterAll(() => server.close());

  const OF_THE_OTHER = /Hidden title|OF-1/;
  const pages = Object.keys(READING).filter((path) => !/assets|oidc|link/.test(path));

  it.each(['*/*', 'text/html', 'application/x-ndjson', 'text/event-stream'])(
    'finds nothing of it at any address, as %s',
    async (Accept) => {
      let found = 0;
      const addresses = pages.map(addressOf).map((path) => path.replace('KET-01', 'KET-02'));
      for (const path of [...addresses, '/api/v1/feed?study=KET-02&follow=false', ...pages.map(addressOf)]) {
        if (path === '/api/v1/feed?follow=true') continue;
        const answer = await stranger.get(path, { Accept });
        expect([path, OF_THE_OTHER.exec(answer.text ?? '')]).toEqual([path, null]);
        if (/Open title|OF-2/.test(answer.text ?? '')) found++;
      }
      // What is its own is there, so what is not would have been seen.
      if (Accept !== 'text/event-stream') expect(found).toBeGreaterThan(0);
    },
  );

  it('reaches it by no spelling of an address, and by no cursor', async () => {
    for (const path of [
      '/api/v1/feed?study=KET-02&study=KET-01&follow=false',
      '/api/v1/feed?study=KET-01&follow=false',
      '/api/v1/feed?study=KET-02%00KET-01&follow=false',
      '/api/v1/feed?%73tudy=KET-01&follow=false',
      '/api/v1/feed?study=&follow=false',
      '/api/v1/feed?type=StudyOpened&follow=false',
      '/api/v1/studies/KET-02/../KET-01/records',
      '/api/v1/studies/KET-02%2F..%2FKET-01/records',
      '/api/v1/studies/%4BET-01/records',
      '/api/v1/studies/KET-01%20/records',
      '/api/v1/studies/ket-01/records',
      '/API/v1/studies/KET-01/records',
      '/api/v1//studies/KET-01/records',
      '/studies/KET-01/records/',
    ]) {
      const answer = await stranger.get(path, { Accept: '*/*' });
      expect([path, answer.status >= 300, OF_THE_OTHER.test(answer.text)]).toEqual([path, true, false]);
    }
    const own = await stranger.get('/api/v1/feed?study=KET-02&follow=false', {
      Accept: 'application/x-ndjson',
    });
    expect(own.status).toBe(200);
    const [, cursor] = /"feedcursor":"([^"]+)"/.exec(own.text)!;
    const all = await stranger.get(`/api/v1/feed?cursor=${cursor}&follow=false`);
    expect(told(all)).toEqual([403, 'not-permitted']);
  });

  it('is told of a study that is there what is told of one that is not', async () => {
    const of = async (code: string, name: string) =>
      (await stranger.send(name, undefined, code)).text.replaceAll(code, 'X');
    for (const name of ['RecordBodyWeight', 'CloseStudy', 'VoidRecord'])
      expect(await of('KET-01', name)).toBe(await of('NOT-01', name));
    for (const path of Object.keys(READING).filter((one) => one.includes(':code'))) {
      const accept = { Accept: path.startsWith('/api/') ? '*/*' : 'text/html' };
      const [there, not] = await Promise.all(
        [addressOf(path), addressOf(path).replace('KET-01', 'NOT-01')].map((one) =>
          stranger.get(one, accept),
        ),
      );
      expect(there!.text.replaceAll('KET-01', 'NOT-01')).toBe(not!.text);
      expect(there!.status).toBe(404);
    }
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/%5Cevil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '\\\\evil.example',
    '/"><script>evil</script>',
  ])('is not led to %p after signing in', async (next) => {
    const path = `/sign-in?next=${encodeURIComponent(next)}`;
    const { status, text } = await stranger.get(path, { Accept: 'text/html' });
    if (status === 400) return;
    const targets = [...text.matchAll(/(?:href|data-next|action)="([^"]*)"/g)].map(([, target]) => target!);
    for (const target of targets) {
      expect(new URL(target.replaceAll('&amp;', '&'), 'https://ledger.lab.example').origin).toBe(
        'https://ledger.lab.example',
      );
    }
    expect(text).not.toContain('<script>evil');
  });
});

describe('the provider of the institution', () => {
  let provider: TestProvider;
  let server: Serving;
  let admin: Client;
  let quality: Client;
  let technician: Client;

  beforeAll(async () => {
    provider = await TestProvider.start();
    const oidcSecretFile = join(freshFolder('oidc-attacks'), 'secret');
    writeFileSync(oidcSecretFile, CLIENT.secret, { mode: 0o600 });
    const clock = { ms: Date.now() };
    server = await serving({ simulated: false, clock, http: { attemptsAMinute: 1000, oidcSecretFile } });
    admin = await administratorOf(server);
    quality = await hire(admin, 'qa-1', ['quality']);
    technician = await hire(admin, 'tech-1', ['technician'], quality);
    const { body } = ok(
      await admin.lab('ConfigureSite', {
        origin: admin.origin,
        rpId: new URL(admin.origin).hostname,
        zone: 'Europe/Amsterdam',
        passkeys: 'any',
        oidc: { issuer: provider.issuer, clientId: CLIENT.clientId },
      }),
    );
    const [{ number }] = body['records'] as [{ number: number }];
    ok(await quality.lab('ConfirmSite', { site: number }));
  });
  afterAll(async () => {
    provider.stop();
    await server.close();
  });

  /** To the provider and back to the door: what the browser brings along. */
  async function goFor(client: Client, from: string) {
    const session = client.cookie;
    const gone = await client.get(from);
    const flow = client.cookie;
    client.cookie = session;
    return { query: await provider.visit(gone.headers['location']!), flow };
  }

  const comeBack = (client: Client, query: string, ...cookies: string[]): Promise<Sent> => {
    const browser = new Client(client.url, client.person);
    browser.cookie = cookies.filter((cookie) => cookie !== '').join('; ');
    return browser.get(`${CALLBACK}${query}`);
  };

  const linksOf = (person: string) => server.engine.labNow.people.persons.get(person)!.links.length;

  it('links an account in the session and browser that began it, once', async () => {
    const { query, flow } = await goFor(technician, '/me/link');
    for (const cookies of [
      [],
      [flow],
      [technician.cookie],
      [flow, quality.cookie],
      [flow, `${technician.cookie}x`],
    ])
      expect(told(await comeBack(technician, query, ...cookies))).toEqual([403, 'identity-invalid']);
    expect(linksOf('tech-1') + linksOf('qa-1')).toBe(0);
    const linked = await comeBack(technician, query, flow, technician.cookie);
    expect([linked.status, linked.headers['location']]).toEqual([303, '/me']);
    const again = await comeBack(technician, query, flow, technician.cookie);
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(linksOf('tech-1')).toBe(1);
  });

  it('links no account that belongs to another person', async () => {
    const { query, flow } = await goFor(quality, '/me/link');
    expect(told(await comeBack(quality, query, flow, quality.cookie))).toEqual([409, 'identity-taken']);
    expect(linksOf('qa-1')).toBe(0);
  });

  it('signs in the browser that asked, once', async () => {
    const nobody = new Client(server.url, 'tech-1');
    const { query, flow } = await goFor(nobody, '/sign-in/oidc');
    expect(told(await comeBack(nobody, query))).toEqual([403, 'identity-invalid']);
    const other = await goFor(new Client(server.url, 'tech-1'), '/sign-in/oidc');
    expect(told(await comeBack(nobody, query, other.flow))).toEqual([403, 'identity-invalid']);
    expect((await comeBack(nobody, other.query, other.flow)).status).toBe(303);
    const replayed = await comeBack(nobody, other.query, other.flow);
    expect(replayed.status).toBeGreaterThanOrEqual(400);
    expect(String(replayed.headers['set-cookie'])).not.toContain('__Host-session=');
    expect(flow).not.toBe(other.flow);
  });

  it('links nothing where an account was only signed in to, and signs nobody in where it was linked', async () => {
    const { query, flow } = await goFor(new Client(server.url, 'qa-1'), '/sign-in/oidc');
    const before = linksOf('qa-1');
    await comeBack(quality, query, flow, quality.cookie);
    expect(linksOf('qa-1')).toBe(before);
  });
});
