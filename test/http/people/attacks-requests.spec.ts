import { v4, v5, v7 } from 'uuid';
import { LAB_COMMAND_PATH, PEOPLE_ROUTES } from '../../../src/http/routes/people-routes.js';
import { COMMAND_PATH } from '../../../src/http/routes/all-routes.js';
import { SENT_TO_LAB } from '../../../src/lab/commands/catalogue.js';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { FULL, SEED } from '../../support/effort.js';
import { ORIGIN, administratorOf, hire, ok, type Client, type Sent } from '../../support/people.js';
import { START, exampleOf, fire, raw, serving, stopIdleClients, type Serving } from '../test-server.js';
import { issue } from './role-callers.js';

const HOST = new URL(ORIGIN).host;
const JSON_TYPE = 'application/json';

let server: Serving;
let admin: Client;
let director: Client;
let tech: Client;
let other: Client;

beforeAll(async () => {
  server = await serving({ simulated: false, http: { attemptsAMinute: 100_000 } });
  admin = await administratorOf(server);
  director = await hire(admin, 'example-sd', ['director']);
  tech = await hire(admin, 'tech-1', ['technician'], director);
  other = await hire(admin, 'tech-2', ['technician'], director);
  const { data } = exampleOf('RegisterStudy') as { data: object };
  ok(await director.send('RegisterStudy', { data: { ...data, director: 'example-sd' } }));
  ok(await director.send('ApproveProtocol'));
  ok(await tech.send('EnrolSubject'));
});
afterAll(async () => {
  stopIdleClients();
  await server.close();
});

const told = ({ status, body }: Sent) => [status, body['code']];
const codeIn = ({ text }: { text: string }) => (JSON.parse(text) as { code: string }).code;

/** Size of every log: whatever is refused leaves them as they are. */
async function sizes(): Promise<number[]> {
  const logs = await Promise.all((['lab', 'study-KET-01'] as const).map((log) => server.engine.log(log)));
  return [...logs.map(({ size }) => size), (await server.engine.access()).sessions.open.size];
}

const POSTS = [
  ...CATALOGUE.map(({ name }) => COMMAND_PATH.replace(':code', 'KET-01').replace(':command', routeOf(name))),
  ...SENT_TO_LAB.map(({ name }) => LAB_COMMAND_PATH.replace(':command', routeOf(name))),
  ...Object.values(PEOPLE_ROUTES)
    .filter(({ method }) => method === 'POST')
    .map(({ path }) => path),
  '/api/v1/welfare/returns/2026/nl',
];

/** All at full effort, otherwise every sixth, by turns. */
let turn = 0;
function posts(): string[] {
  turn++;
  return FULL ? POSTS : POSTS.filter((_, i) => (i + turn + SEED) % 6 === 0);
}

describe('a registration that is only tried', () => {
  it('is refused to whom it would be refused, and to nobody else, and takes no code', async () => {
    const { data } = exampleOf('RegisterStudy') as { data: object };
    const before = await sizes();
    const attempt = (who: Client, by: string, code: string, more: string) =>
      who.post(
        `/api/v1/studies/${code}/commands/register-study${more}`,
        { data: { ...data, director: by } },
        { 'Idempotency-Key': v7() },
      );
    for (const [who, by, code] of [
      [tech, 'example-sd', 'NEW-01'],
      [director, 'tech-1', 'NEW-01'],
      [director, 'nobody', 'NEW-01'],
      [director, 'example-sd', 'KET-01'],
    ] as const) {
      const tried = await attempt(who, by, code, '?dryRun=true');
      const sent = await attempt(who, by, code, '');
      expect(tried.status).toBeGreaterThanOrEqual(400);
      expect([by, code, told(tried)]).toEqual([by, code, told(sent)]);
    }
    const fit = await attempt(director, 'example-sd', 'NEW-01', '?dryRun=true');
    expect([fit.status, fit.body]).toMatchObject([200, { number: 0, known: false }]);
    expect(await sizes()).toEqual(before);
  });
});

describe('a page of another site, in the browser of an administrator', () => {
  const post = (path: string, headers: object, body = '{}') =>
    fire(server.port, 'POST', path, {
      headers: { host: HOST, cookie: admin.cookie, 'content-type': JSON_TYPE, ...headers },
      body,
    });

  it.each([
    'null',
    'https://evil.example',
    `${ORIGIN}.evil.example`,
    `${ORIGIN}:8443`,
    'http://ledger.lab.example',
    'https://LEDGER.lab.example',
    `${ORIGIN}/`,
    'http://localhost:3000',
    '',
  ])('posts nowhere with the origin %p', async (origin) => {
    const before = await sizes();
    for (const path of POSTS) {
      const answer = await post(path, { origin });
      expect([path, answer.status, codeIn(answer)]).toEqual([path, 403, 'origin-refused']);
    }
    expect(await sizes()).toEqual(before);
  });

  it('posts nowhere without an origin', async () => {
    for (const path of POSTS) {
      const answer = await post(path, {});
      expect([path, answer.status, codeIn(answer)]).toEqual([path, 403, 'origin-refused']);
    }
  });

  it('signs nobody in without an origin, also where there is no cookie', async () => {
    const answered = { ticket: 'x', credential: {} };
    for (const [path, sent] of [
      [PEOPLE_ROUTES.passkeyOptions.path, {}],
      [PEOPLE_ROUTES.passkey.path, answered],
      [PEOPLE_ROUTES.enrolmentOptions.path, {}],
      [PEOPLE_ROUTES.enrolment.path, { ...answered, label: 'K' }],
    ] as const) {
      const answer = await fire(server.port, 'POST', path, {
        headers: { host: HOST, 'content-type': JSON_TYPE },
        body: JSON.stringify(sent),
      });
      expect([path, answer.status, codeIn(answer)]).toEqual([path, 403, 'origin-refused']);
    }
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'posts no form of type %p, also from a page of the ledger',
    async (type) => {
      const before = await sizes();
      const body = 'data[person]=evil-1&data[name]=E&{"data":{"person":"evil-1","name":"E"}}';
      // Without a script one signs out by a form; the form of another site is refused, as above.
      for (const path of posts().filter(
        (one) => one !== PEOPLE_ROUTES.signOut.path || !type.includes('urlencoded'),
      )) {
        const answer = await post(path, { origin: ORIGIN, 'content-type': type }, body);
        // Whom the address is not for is told that first.
        expect([path, answer.status]).toEqual([path, path.includes('/welfare/') ? 403 : 415]);
      }
      expect(await sizes()).toEqual(before);
    },
  );

  it.each(['evil.example', `${HOST}.evil.example`, `${HOST}:8443`, '0.0.0.0', '169.254.169.254'])(
    'reads nothing under the host %p (DNS rebinding)',
    async (host) => {
      for (const path of ['/', '/api/v1/me', '/api/v1/lab/people', '/sign-in/oidc', '/health']) {
        const headers = { host, cookie: admin.cookie };
        expect((await fire(server.port, 'GET', path, { headers })).status).toBe(421);
      }
    },
  );

  it('neither reads nor is told that it may', async () => {
    const headers = { host: HOST, cookie: admin.cookie, origin: 'https://evil.example' };
    const answer = await fire(server.port, 'GET', '/api/v1/lab/people', { headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('leads nobody to the provider to link an identity', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect(told(await tech.get('/me/link', { 'Sec-Fetch-Site': site }))).toEqual([403, 'origin-refused']);
  });

  it('is not helped by a head that comes twice, or by a body of two lengths', async () => {
    const twice = (lines: string): Promise<string> =>
      raw(
        server.port,
        `POST /api/v1/lab/commands/register-person HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\nCookie: ${admin.cookie}\r\nContent-Type: ${JSON_TYPE}\r\n${lines}Content-Length: 2\r\n\r\n{}`,
      );
    for (const lines of [
      `Origin: https://evil.example\r\nOrigin: ${ORIGIN}\r\n`,
      `Origin: https://evil.example\r\nHost: evil.example\r\n`,
      `Origin: ${ORIGIN}, https://evil.example\r\n`,
    ])
      expect(await twice(lines)).toMatch(/^HTTP\/1\.1 4(00|03|21) /);
    expect(await twice(`Origin: ${ORIGIN}\r\nTransfer-Encoding: chunked\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('a token', () => {
  const by = (secret: string, headers = {}) =>
    fire(server.port, 'GET', '/api/v1/studies', {
      headers: { host: HOST, authorization: `Bearer ${secret}`, ...headers },
    });
  const INVALID = { status: 401 };

  it('counts as it was handed out, and nowhere but in its head', async () => {
    const { secret } = await issue(tech, { roles: ['technician'] });
    expect((await by(secret)).status).toBe(200);
    for (const altered of [
      secret.slice(1),
      `${secret}A`,
      `${secret}=`,
      secret.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
      secret.toUpperCase(),
      `${secret} ${secret}`,
      '',
    ])
      expect(await by(altered)).toMatchObject(INVALID);
    for (const authorization of [`Basic ${secret}`, secret, `Bearer  `, `Token ${secret}`])
      expect(await by('', { authorization })).toMatchObject(INVALID);
    const query = await fire(server.port, 'GET', `/api/v1/studies?access_token=${secret}`, {
      headers: { host: HOST },
    });
    expect(query.status).toBe(401);
    expect(query.text).not.toContain(secret);
    expect(await by(secret, { cookie: tech.cookie })).toMatchObject(INVALID);
    expect(await by(secret, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  });

  it('ends when it is revoked, runs out, or its person is deactivated [R21]', async () => {
    const leaver = await hire(admin, 'leaver-1', ['technician'], director);
    const until = new Date(START + 60_000).toISOString();
    const [revoked, short, left] = [
      await issue(leaver, { roles: ['technician'] }),
      await issue(leaver, { roles: ['technician'], until }),
      await issue(leaver, { roles: ['technician'] }),
    ];
    ok(await leaver.lab('RevokeToken', { token: revoked.number, cause: 'replaced' }));
    expect(await by(revoked.secret)).toMatchObject(INVALID);
    expect((await by(short.secret)).status).toBe(200);
    server.time.ms += 60_000;
    expect(await by(short.secret)).toMatchObject(INVALID);
    server.time.ms -= 60_000;
    ok(await admin.lab('DeactivatePerson', { person: 'leaver-1', cause: 'left' }));
    expect(await by(left.secret)).toMatchObject(INVALID);
  });

  it('issues, confirms, enrols and links nothing, and is shown once', async () => {
    const { secret } = await issue(admin, { roles: ['inspector'] });
    const headers = { host: HOST, authorization: `Bearer ${secret}`, 'content-type': JSON_TYPE };
    for (const path of POSTS.filter((one) => one.includes('/lab/commands/'))) {
      const { example } = SENT_TO_LAB.find(({ name }) => path.endsWith(`/${routeOf(name)}`))!;
      const answer = await fire(server.port, 'POST', path, { headers, body: JSON.stringify(example) });
      expect([path, codeIn(answer)]).toEqual([path, 'passkey-required']);
    }
    const options = await fire(server.port, 'POST', '/api/v1/enrolment/options', {
      headers: { ...headers, origin: ORIGIN },
      body: '{}',
    });
    expect(codeIn(options)).toBe('passkey-required');
    const link = await fire(server.port, 'GET', '/me/link', { headers });
    expect(link.status).toBe(403);
  });

  it('of one study touches no other one and nothing of the facility', async () => {
    const inspector = await hire(admin, 'inspector-1', ['inspector'], director);
    const { secret } = await issue(inspector, { roles: ['inspector'], study: 'KET-01' });
    const read = async (path: string) =>
      (await fire(server.port, 'GET', path, { headers: { host: HOST, authorization: `Bearer ${secret}` } }))
        .status;
    expect(await read('/api/v1/studies/KET-01')).toBe(200);
    for (const path of ['/api/v1/feed', '/api/v1/access/records']) expect(await read(path)).toBe(403);
  });
});

describe('the id of a command', () => {
  it('of version 5 or 8, which the ledger makes itself, is taken from nobody', async () => {
    const before = await sizes();
    const anchor = v5('anchor 1 of lab', '6ba7b810-9dad-11d1-80b4-00c04fd430c8');
    const known = [...(await server.engine.access()).sessions.open.keys()][0]!;
    for (const id of [anchor, known, v4().toUpperCase(), 'x', '']) {
      const headers = { 'Idempotency-Key': id };
      expect((await tech.send('RecordBodyWeight', undefined, 'KET-01', headers)).status).toBe(400);
      expect((await admin.lab('RegisterPerson', { person: 'p-9', name: 'N' }, headers)).status).toBe(400);
    }
    expect(await sizes()).toEqual(before);
  });

  it('of somebody else is answered to nobody else', async () => {
    for (const id of [v4(), v7()]) {
      const headers = { 'Idempotency-Key': id };
      ok(await tech.send('RecordBodyWeight', undefined, 'KET-01', headers));
      expect(told(await other.send('RecordBodyWeight', undefined, 'KET-01', headers))).toEqual([
        409,
        'command-id-reused',
      ]);
    }
  });

  it('of a token or a link gets its secret once, whoever sends it again', async () => {
    const headers = { 'Idempotency-Key': v4() };
    const until = new Date(START + 86_400_000).toISOString();
    const data = { person: 'tech-1', label: 'A program', roles: ['technician'], until };
    const first = ok(await tech.lab('IssueToken', data, headers));
    expect(first.body['secret']).toMatch(/^[\w-]{43}$/);
    const again = ok(await tech.lab('IssueToken', data, headers));
    expect(again.body).not.toHaveProperty('secret');
    for (const who of [other, admin])
      expect((await who.lab('IssueToken', data, headers)).status).toBeGreaterThanOrEqual(400);
    // An id is unique over all commands of the lab.
    const offer = await admin.lab('OfferEnrolment', { person: 'tech-1' }, headers);
    expect(told(offer)).toEqual([409, 'command-id-reused']);
  });
});

describe('two administrators', () => {
  it('who end each other at once leave one of them', async () => {
    const [one, two] = [
      await hire(admin, 'admin-2', ['administrator'], director),
      await hire(admin, 'admin-3', ['administrator'], director),
    ];
    const own = server.engine.labNow.people.persons.get('admin-1')!.grants[0]!.number;
    ok(await one.lab('RevokeRole', { grant: own, cause: 'new-duties' }));
    expect(told(await admin.lab('RegisterPerson', { person: 'p-1', name: 'N' }))).toEqual([
      403,
      'not-permitted',
    ]);
    const end = (by: Client, person: string) => by.lab('DeactivatePerson', { person, cause: 'misuse' });
    const answers = await Promise.all([end(one, 'admin-3'), end(two, 'admin-2'), end(two, 'admin-2')]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const last = server.engine.labNow.people.persons.get('admin-2')!.deactivated ? two : one;
    expect(told(await end(last, last.person))).toEqual([409, 'last-administrator']);
    const grant = server.engine.labNow.people.persons.get(last.person)!.grants[0]!.number;
    expect(told(await last.lab('RevokeRole', { grant, cause: 'mistake' }))).toEqual([
      409,
      'last-administrator',
    ]);
    const credential = { credential: last.credential, cause: 'lost' };
    expect(told(await last.lab('RevokeCredential', credential))).toEqual([409, 'last-administrator']);
  });
});

describe('forwarded addresses', () => {
  it('are not believed where there is no proxy', async () => {
    const alone = await serving({ simulated: false, http: { attemptsAMinute: 5 } });
    const statuses = await signInFrom(alone, 20, (i) => `10.0.0.${i}`);
    expect(statuses.slice(5).every((status) => status === 429)).toBe(true);
    await alone.close();
  });
});

async function signInFrom({ port }: Serving, count: number, address: (i: number) => string) {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) {
    const headers = {
      host: 'localhost',
      origin: 'http://localhost',
      'content-type': JSON_TYPE,
      'x-forwarded-for': address(i),
      forwarded: `for=${address(i)}`,
    };
    const body = '{"ticket":"x","credential":{}}';
    statuses.push((await fire(port, 'POST', '/api/v1/sign-in/passkey', { headers, body })).status);
  }
  return statuses;
}
