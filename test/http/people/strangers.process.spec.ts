import { administratorOf, begin, Client, hire, ok, ORIGIN } from '../../support/people.js';
import { configureSite } from '../../../src/lab/commands/configure-site.command.js';
import { fire, raw, serving, stopIdleClients, type Serving } from '../test-server.js';

const HOST = new URL(ORIGIN).host;
const OPTIONS = '/api/v1/sign-in/passkey/options';
const JSON_TYPE = { 'Content-Type': 'application/json' };

afterAll(stopIdleClients);

function codeOf({ text }: { text: string }): unknown {
  return text === '' ? undefined : (JSON.parse(text) as { code?: unknown }).code;
}

describe('requests from elsewhere', () => {
  let server: Serving;
  let admin: Client;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    admin = await administratorOf(server);
  });
  afterAll(() => server.close());
  const post = (headers: Record<string, string>) =>
    fire(server.port, 'POST', OPTIONS, { headers: { ...JSON_TYPE, Host: HOST, ...headers }, body: '{}' });

  it.each(['evil.example', `${HOST}.evil.example`, `${HOST}:8443`, `x@${HOST}`])(
    'are refused at the host %s',
    async (host) => {
      const answer = await fire(server.port, 'GET', '/health', { headers: { Host: host } });
      expect([answer.status, codeOf(answer)]).toEqual([421, 'host-refused']);
    },
  );

  it('are not brought to another host by what a proxy could forward', async () => {
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': HOST, Forwarded: `host=${HOST}` };
    expect((await fire(server.port, 'GET', '/health', { headers })).status).toBe(421);
  });

  it.each([
    'null',
    'https://evil.example',
    `http://${HOST}`,
    `${ORIGIN}:443`,
    `${ORIGIN}/`,
    'http://localhost',
    '',
  ])('are refused from the origin %p', async (origin) => {
    const answer = await post({ Origin: origin });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'origin-refused']);
  });

  it('are refused from a page of this machine: people sign in at one address', async () => {
    const host = `localhost:${server.port}`;
    const answer = await post({ Host: host, Origin: `http://${host}` });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining(ORIGIN)]);
  });

  it('say their origin where they bring a cookie', async () => {
    const silent = await post({ Cookie: admin.cookie });
    expect([silent.status, codeOf(silent)]).toEqual([403, 'origin-refused']);
    expect((await post({ Cookie: admin.cookie, Origin: ORIGIN })).status).toBe(200);
  });

  it('are not believed by a form', async () => {
    const answer = await post({ Origin: ORIGIN, 'Content-Type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(415);
  });

  it('are not believed with a cookie that was made up, doubled, or is of somebody else’s ledger', async () => {
    const get = async (Cookie: string): Promise<unknown> =>
      codeOf(await fire(server.port, 'GET', '/api/v1/lab/records', { headers: { Host: HOST, Cookie } }));
    const [name, value = ''] = admin.cookie.split('=') as [string, string?];
    expect(await get(admin.cookie)).toBeUndefined();
    const swapped = value.replace(/^[0-9a-f]{8}/, '00000000');
    for (const wrong of ['x', swapped, `${value}x`, value.slice(0, -1), ''])
      expect(await get(`${name}=${wrong}`)).toBe('session-expired');
    expect(await get(`${admin.cookie}; ${admin.cookie}`)).toBe('session-expired');
    expect(await get(`session-00000000=${value}`)).toBe('sign-in-required');
    const other = await serving({ simulated: false });
    const cookie = (await administratorOf(other)).cookie;
    await other.close();
    expect(await get(cookie)).toBe('session-expired');
  });

  it('answers at both addresses for an hour after a new one was configured, and signing in there puts it in force', async () => {
    ok(await admin.signIn());
    const site = { rpId: 'ledger.lab.example', zone: 'Europe/Amsterdam', passkeys: 'any' };
    const moved = { ...site, origin: 'https://new.ledger.lab.example' };
    ok(await admin.lab(configureSite.name, moved));
    expect((await post({ Origin: moved.origin, Host: 'new.ledger.lab.example' })).status).toBe(200);
    expect((await post({ Origin: ORIGIN })).status).toBe(200);
    server.time.ms += 3_600_000;
    expect((await post({ Origin: moved.origin, Host: 'new.ledger.lab.example' })).status).toBe(421);
    expect((await post({ Origin: ORIGIN })).status).toBe(200);
  });
});

describe('an enrolment link', () => {
  it('is taken up once, by its code, until it ends', async () => {
    const server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    const first = await begin(server.engine);
    const code = await begin(server.engine);
    const admin = new Client(server.url, 'admin-1');
    for (const wrong of [first, 'A'.repeat(43)])
      expect((await admin.enrol(wrong)).body).toMatchObject({ status: 409, code: 'offer-invalid' });
    expect((await new Client(server.url, 'nobody-1').enrol(code)).body['code']).toBe('offer-invalid');
    ok(await admin.enrol(code));
    expect((await new Client(server.url, 'admin-1').enrol(code)).body['code']).toBe('offer-invalid');
    ok(await admin.signIn());
    const director = await hire(admin, 'example-sd', ['director']);
    ok(await admin.lab('RegisterPerson', { person: 'tech-1', name: 'T. Example' }));
    const { body } = ok(await admin.lab('OfferEnrolment', { person: 'tech-1', hours: 1 }));
    server.time.ms += 3_600_000;
    const late = new Client(server.url, 'tech-1');
    expect((await late.enrol(String(body['secret']))).body['code']).toBe('offer-invalid');
    // Nor is a link of one person that of another.
    ok(await admin.signIn());
    const again = ok(await admin.lab('OfferEnrolment', { person: 'tech-1' }));
    const stranger = new Client(server.url, 'example-sd');
    expect((await stranger.enrol(String(again.body['secret']))).body['code']).toBe('offer-invalid');
    expect(director.credential).toBeGreaterThan(0);
    await server.close();
  });
});

describe('how often an address tries to sign in', () => {
  it('is bounded, a minute at a time [R20]', async () => {
    const server = await serving({ simulated: false });
    const client = new Client(server.url, 'admin-1');
    await begin(server.engine);
    const attempt = () => client.post('/api/v1/sign-in/passkey', { ticket: 'x', credential: {} });
    for (let times = 0; times < 30; times++) expect((await attempt()).status).toBe(403);
    const { status, body, headers } = await attempt();
    expect([status, body['code'], headers['retry-after']]).toEqual([429, 'too-many-attempts', '60']);
    server.time.ms += 60_000;
    expect((await attempt()).status).toBe(403);
    await server.close();
  });
});

describe('behind a proxy', () => {
  it('answers its peer only, counts what it forwards last, and nobody acts without signing in', async () => {
    const server = await serving({ simulated: false, people: true, http: { behindProxy: '127.0.0.1' } });
    const attempt = (forwarded: string) =>
      fire(server.port, 'POST', '/api/v1/sign-in/passkey', {
        headers: { ...JSON_TYPE, Host: HOST, Origin: ORIGIN, 'X-Forwarded-For': forwarded },
        body: '{"ticket":"x","credential":{}}',
      });
    for (let times = 0; times < 30; times++)
      expect((await attempt(`10.0.0.${times}, 192.0.2.7`)).status).toBe(403);
    expect((await attempt('10.0.0.1, 192.0.2.7')).status).toBe(429);
    expect((await attempt('192.0.2.7, 192.0.2.8')).status).toBe(403);
    expect((await fire(server.port, 'GET', '/api/v1/studies', { headers: { Host: HOST } })).status).toBe(401);
    await server.close();
    const other = await serving({ simulated: false, people: true, http: { behindProxy: '192.0.2.1' } });
    expect(await raw(other.port, `GET /health HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`).catch(() => '')).toBe('');
    await other.close();
  });

  it('is no simulated ledger, and none without people', async () => {
    const http = { behindProxy: '127.0.0.1' };
    await expect(serving({ simulated: true, http })).rejects.toThrow('on this machine only');
    await expect(serving({ simulated: false, http })).rejects.toThrow('people begin');
    await expect(serving({ simulated: false, http: { behindProxy: 'proxy' } })).rejects.toThrow(
      'no IP address',
    );
  });
});

describe('a simulated ledger', () => {
  it('is read by everybody on this machine, and a person is chosen', async () => {
    const server = await serving({ simulated: true, people: true });
    const origin = `http://127.0.0.1:${server.port}`;
    const client = new Client(server.url, 'admin-1', origin);
    expect((await client.get('/api/v1/studies')).status).toBe(200);
    expect((await client.get('/api/v1/me')).status).toBe(401);
    const { body } = ok(await client.post('/api/v1/sign-in/simulated', { person: 'admin-1' }));
    expect(body).toMatchObject({ person: 'admin-1' });
    expect(client.cookie).toMatch(/^session-[0-9a-f]{8}=/);
    expect((await client.get('/api/v1/me')).body).toMatchObject({
      person: 'admin-1',
      session: { method: 'simulated' },
    });
    expect((await client.post('/api/v1/sign-in/simulated', { person: 'nobody-1' })).status).toBe(422);
    const elsewhere = new Client(server.url, 'admin-1', ORIGIN);
    expect((await elsewhere.get('/health')).status).toBe(421);
    await server.close();
    const real = await serving({ simulated: false, people: true });
    const refused = await new Client(real.url, 'x').post('/api/v1/sign-in/simulated', { person: 'admin-1' });
    expect(refused.status).toBe(404);
    await real.close();
  });
});
