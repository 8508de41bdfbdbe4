import { Reflector } from '@nestjs/core';
import { HTTP_CONTROLLERS } from '../../../src/http/controllers.js';
import { AskedBy } from '../../../src/http/platform/caller.guard.js';
import { ALLOWED, isPage } from '../../../src/http/routes/all-routes.js';
import {
  administratorOf,
  beginStudy,
  hire,
  ok,
  register,
  ORIGIN,
  type Client,
} from '../../support/people.js';
import { fire, serving, stopIdleClients, type Serving } from '../test-server.js';

const HOST = { Host: new URL(ORIGIN).host };
/** Without these nobody could sign in, and no supervisor could see that the server lives. */
const OPEN = [
  '/api/v1/sign-in/passkey/options',
  '/api/v1/sign-in/passkey',
  '/api/v1/sign-in/simulated',
  '/api/v1/sign-out',
  '/api/v1/enrolment/options',
  '/api/v1/enrolment',
  '/sign-in',
  '/sign-in/oidc',
  '/sign-in/oidc/callback',
  '/enrol',
  '/health',
  '/health/ready',
];
const VALUES: Readonly<Record<string, string>> = {
  code: 'KET-01',
  command: 'record-body-weight',
  name: 'welfare',
  number: '0',
  file: 'table.csv',
  year: '2026',
  format: 'eu',
  animal: 'R01',
};

function addressOf(path: string): string {
  return path.replace(/:([a-z]+)/g, (_, name: string) => VALUES[name] ?? 'x');
}

describe('every address of a ledger with people', () => {
  let server: Serving;
  let admin: Client;
  let director: Client;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    admin = await administratorOf(server);
    director = await hire(admin, 'example-sd', ['director']);
    await beginStudy(director);
  });
  afterAll(async () => {
    stopIdleClients();
    await server.close();
  });

  it('says who may ask there', () => {
    const reflector = new Reflector();
    const silent = HTTP_CONTROLLERS.flatMap(({ prototype, name }) =>
      Object.getOwnPropertyNames(prototype)
        .filter((method) => method !== 'constructor')
        .map((method) => (prototype as Record<string, object>)[method]!)
        .filter((handler) => typeof handler === 'function' && Reflect.hasMetadata('path', handler))
        .filter((handler) => reflector.get(AskedBy, handler as never) === undefined)
        .map((handler) => `${name}.${(handler as { name: string }).name}`),
    );
    expect(silent).toEqual([]);
  });

  it.each([...ALLOWED])('%s is closed to a stranger [R13]', async (path, methods) => {
    for (const method of methods.split(', ')) {
      const { status, headers } = await fire(server.port, method, addressOf(path), {
        headers: { ...HOST, 'Content-Type': 'application/json', Accept: isPage(path) ? 'text/html' : '*/*' },
        ...(method === 'POST' && { body: '{}' }),
      });
      if (OPEN.includes(path)) expect(status).not.toBe(500);
      else if (isPage(path))
        expect([status, headers.location]).toEqual([303, expect.stringMatching(/^\/sign-in\?next=%2F/)]);
      else expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="study-ledger"']);
    }
  });

  it('leads a browser from a file or a search of a page to signing in as well', async () => {
    for (const path of ['/studies/KET-01/records.csv?subject=R01', '/studies/KET-01/find?q=R01', '/api']) {
      const { status, headers } = await fire(server.port, 'GET', path, {
        headers: { ...HOST, Accept: 'text/html' },
      });
      expect([status, headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`]);
    }
  });

  it('tells a stranger nothing of what is in the ledger', async () => {
    for (const path of ['/health', '/health/ready']) {
      const { text } = await fire(server.port, 'GET', path, { headers: HOST });
      expect(text).toMatch(/^{"status":"(ok|ready)"(,"store":"(sqlite|memory)")?}$/);
    }
    expect((await director.get('/health')).body).toMatchObject({ facility: 'lab.example', studies: 1 });
  });

  it('hides a study from those who may not read it, as if it were not there', async () => {
    for (const path of [
      '',
      '/records',
      '/projections/welfare',
      '/files/table.csv',
      '/checkpoint',
      '/records/0/proof',
    ]) {
      const [hidden, none] = await Promise.all(
        ['KET-01', 'NONE'].map((code) => admin.get(`/api/v1/studies/${code}${path}`)),
      );
      expect([path, hidden!.status, hidden!.body['code']]).toEqual([path, 404, 'study-unknown']);
      expect(hidden!.text.replaceAll('KET-01', 'NONE')).toBe(none!.text);
    }
    expect((await admin.get('/api/v1/feed?study=KET-01')).status).toBe(404);
    expect((await admin.send('RecordBodyWeight')).body).toMatchObject({ code: 'study-unknown' });
    expect((await admin.get('/api/v1/studies')).body['studies']).toEqual([]);
    expect((await director.get('/api/v1/studies')).body['studies']).toHaveLength(1);
  });

  it('shows what is of all studies, the access log and the people to other roles each', async () => {
    const statuses = async (client: Client): Promise<number[]> =>
      Promise.all(
        ['/api/v1/feed', '/api/v1/access/records', '/api/v1/lab/people', '/api/v1/lab/records'].map(
          async (path) => (await client.get(path)).status,
        ),
      );
    const quality = await hire(admin, 'qa-1', ['quality'], director);
    const ofOneStudy = await hire(admin, 'vet-1', [{ role: 'veterinarian', study: 'KET-01' }], director);
    expect(await statuses(admin)).toEqual([403, 200, 200, 200]);
    expect(await statuses(director)).toEqual([403, 403, 403, 200]);
    expect(await statuses(quality)).toEqual([200, 200, 403, 200]);
    expect(await statuses(ofOneStudy)).toEqual([403, 403, 403, 200]);
    expect((await ofOneStudy.get('/api/v1/studies/KET-01')).status).toBe(200);
  });

  it('shows people at an earlier size of the lab, with their names', async () => {
    const now = await admin.get('/api/v1/lab/people');
    expect(now.body['people']).toEqual(
      expect.arrayContaining([expect.objectContaining({ person: 'example-sd', name: 'Name of example-sd' })]),
    );
    const then = await admin.get('/api/v1/lab/people?at=2');
    expect(then.body).toMatchObject({ treeSize: 2, begun: null, people: [] });
    expect((await admin.get('/api/v1/lab/people?at=9999')).body['code']).toBe('at-beyond-head');
  });

  it('shows to a pending passkey who its person is, and nothing else', async () => {
    const pending = await register(admin, 'tech-9');
    ok(await pending.signIn());
    expect((await pending.get('/api/v1/me')).body).toMatchObject({ person: 'tech-9', pending: true });
    for (const path of ['/api/v1/studies', '/api/v1/lab/records', '/api', '/']) {
      const { status, body } = await pending.get(path);
      expect([path, status, body['code']]).toEqual([path, 403, 'credential-pending']);
    }
    expect((await pending.lab('RenamePerson', { person: 'tech-9', name: 'X' })).status).toBe(403);
    expect((await pending.get('/health')).text).not.toContain('lab.example');
  });
});
