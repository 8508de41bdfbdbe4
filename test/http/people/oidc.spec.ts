import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT, TestProvider } from '../../identity/test-provider.js';
import { administratorOf, hire, ok, type Client } from '../../support/people.js';
import { serving, type Serving } from '../test-server.js';

const CALLBACK = '/sign-in/oidc/callback';

describe('signing in through the institution', () => {
  let provider: TestProvider;
  let server: Serving;
  let admin: Client;
  let quality: Client;
  const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
  const oidcSecretFile = join(folder, 'secret');
  const clock = { ms: Date.now() };
  beforeAll(async () => {
    provider = await TestProvider.start();
    writeFileSync(oidcSecretFile, CLIENT.secret, { mode: 0o600 });
    server = await serving({ simulated: false, clock, http: { attemptsAMinute: 1000, oidcSecretFile } });
    admin = await administratorOf(server);
    quality = await hire(admin, 'qa-1', ['quality']);
    const oidc = { issuer: provider.issuer, clientId: CLIENT.clientId };
    const site = {
      origin: admin.origin,
      rpId: new URL(admin.origin).hostname,
      zone: 'Europe/Amsterdam',
      passkeys: 'any',
    };
    const { body } = ok(await admin.lab('ConfigureSite', { ...site, oidc }));
    const [{ number }] = body['records'] as [{ number: number }];
    ok(await quality.lab('ConfirmSite', { site: number }));
  });
  afterAll(async () => {
    provider.stop();
    rmSync(folder, { recursive: true });
    await server.close();
  });

  /** Goes to the provider and comes back, with the cookies that a browser would have. */
  const goAndComeBack = async (client: Client, from: string) => {
    const session = client.cookie;
    const gone = await client.get(from);
    expect([gone.status, gone.headers['location']]).toEqual([303, expect.stringContaining(provider.issuer)]);
    const flow = client.cookie;
    const query = await provider.visit(gone.headers['location']!);
    client.cookie = session === '' || session === flow ? flow : `${session}; ${flow}`;
    return client.get(`${CALLBACK}${query}`, { Accept: 'text/html' });
  };

  it('is refused to an account that is linked to nobody', async () => {
    quality.cookie = '';
    const back = await goAndComeBack(quality, '/sign-in/oidc');
    expect([back.status, back.text]).toEqual([403, expect.stringContaining('linked to nobody')]);
  });

  it('counts once the person has linked the account, and records and reads, and no more', async () => {
    quality.cookie = '';
    ok(await quality.signIn());
    const session = quality.cookie;
    const linked = await goAndComeBack(quality, '/me/link');
    expect([linked.status, linked.headers['location']]).toEqual([303, '/me']);
    quality.cookie = '';
    const back = await goAndComeBack(quality, '/sign-in/oidc');
    expect([back.status, back.headers['location']]).toEqual([303, '/']);
    expect(quality.cookie).toMatch(/^__Host-session=/);
    expect(quality.cookie).not.toBe(session);
    expect((await quality.get('/api/v1/me')).body).toMatchObject({
      person: 'qa-1',
      session: { method: 'oidc' },
    });
    expect((await quality.get('/api/v1/access/records')).status).toBe(200);
    const until = new Date(clock.ms + 86_400_000).toISOString();
    const token = { person: 'qa-1', label: 'X', roles: ['inspector'], until };
    expect((await quality.lab('IssueToken', token)).body['code']).toBe('passkey-required');
    expect((await quality.post('/api/v1/enrolment/options')).body['code']).toBe('passkey-required');
    expect((await quality.get('/me/link')).status).toBe(403);
  });

  it('begins no link for a stranger', async () => {
    quality.cookie = '';
    expect((await quality.get('/me/link')).status).toBe(401);
  });
});
