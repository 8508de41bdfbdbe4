import request from 'supertest';
import { administratorOf, beginStudy, hire, ok, register, type Client } from '../../support/people.js';
import { exampleOf, fire, serving, stopIdleClients, type Serving } from '../test-server.js';

const MINUTE = 60_000;

describe('a session', () => {
  let server: Serving;
  let admin: Client;
  let director: Client;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    admin = await administratorOf(server);
    director = await hire(admin, 'example-sd', ['director']);
    await beginStudy(director);
  });
  beforeEach(async () => {
    ok(await admin.signIn());
    ok(await director.signIn());
  });
  afterAll(async () => {
    stopIdleClients();
    await server.close();
  });
  const pass = (ms: number): void => void (server.time.ms += ms);
  const code = async (client: Client, path = '/api/v1/studies/KET-01'): Promise<unknown> => {
    const { status, body } = await client.get(path);
    return status === 200 ? 200 : body['code'];
  };

  it('goes on with each answer, and ends after 15 minutes without one [R20]', async () => {
    for (let times = 0; times < 3; times++) {
      pass(14 * MINUTE);
      expect(await code(director)).toBe(200);
    }
    pass(15 * MINUTE);
    const { status, body, headers } = await director.get('/api/v1/studies/KET-01');
    expect([status, body['code'], headers['www-authenticate']]).toEqual([
      401,
      'session-expired',
      'Bearer realm="study-ledger"',
    ]);
    expect(director.cookie).toBe('');
    expect(await code(director)).toBe('sign-in-required');
  });

  it('ends after 12 hours', async () => {
    for (let passed = 0; passed < 12 * 60 - 14; passed += 14) {
      pass(14 * MINUTE);
      expect(await code(director)).toBe(200);
    }
    pass(14 * MINUTE);
    expect(await code(director)).toBe('session-expired');
  });

  it('lasts for an hour where the last request came from the bench [R20]', async () => {
    const origin = director.origin;
    ok(await director.get('/api/v1/me', { Referer: `${origin}/studies/KET-01/bench/threshold` }));
    pass(59 * MINUTE);
    ok(await director.get('/api/v1/studies/KET-01', { Referer: `${origin}/studies/KET-01` }));
    pass(16 * MINUTE);
    expect(await code(director)).toBe('session-expired');
  });

  it('lasts for an hour by what the bench asks for, and by nothing else that is asked from there', async () => {
    const Referer = `${director.origin}/studies/KET-01/bench/enter/record-body-weight`;
    const lasts = async (path: string): Promise<boolean> => {
      ok(await director.signIn());
      await director.get(path, { Referer });
      pass(16 * MINUTE);
      return (await code(director)) === 200;
    };
    for (const path of [
      '/studies/KET-01/bench',
      '/api/v1/me',
      '/api/v1/studies/KET-01/commands/record-body-weight?dryRun=true',
    ])
      expect([path, await lasts(path)]).toEqual([path, true]);
    for (const path of [
      '/api/v1/studies/KET-01',
      '/api/v1/studies/KET-01/records',
      '/api/v1/feed?study=KET-01',
      '/api/v1/lab/records',
      '/api/v1/lab/commands/register-person',
      '/api/v1/me/../lab/records',
      '/studies/KET-01/records',
    ])
      expect([path, await lasts(path)]).toEqual([path, false]);
  });

  it('lasts for an hour on a page of the bench, and says so there; no other address has that time', async () => {
    const bench = '/studies/KET-01/bench/enter/record-body-weight';
    const endsIn = async (path: string, referer?: string): Promise<number> => {
      const headers = { Accept: 'text/html', ...(referer && { Referer: director.origin + referer }) };
      return Number(/data-ends-in="(\d+)"/.exec((await director.get(path, headers)).text)?.[1]);
    };
    expect(await endsIn(bench)).toBe(3600);
    pass(10 * MINUTE);
    expect(await endsIn('/studies/KET-01', bench)).toBe(900);
    for (const path of [
      '/bench',
      '/bench/KET-01',
      '/studies/KET-01/bench-press',
      '/studies/KET-01?x=/studies/KET-01/bench',
    ])
      await director.get(path, { Accept: 'text/html', Referer: `${director.origin}/lab` });
    expect(await endsIn('/lab', '/studies/KET-01/bench')).toBe(900);
    ok(await director.get('/api/v1/studies/KET-01', { Referer: `${director.origin}/bench/KET-01` }));
    pass(16 * MINUTE);
    expect(await code(director)).toBe('session-expired');
  });

  it('is not carried on by what a page asks for by itself', async () => {
    pass(10 * MINUTE);
    const { headers, status } = await director.get('/studies/KET-01', {
      Accept: 'text/html',
      'Asked-By': 'page',
    });
    expect([status, headers['set-cookie']]).toEqual([200, undefined]);
    pass(6 * MINUTE);
    expect(await code(director)).toBe('session-expired');
  });

  it('is not as long as that where it is about people', async () => {
    ok(await admin.get('/api/v1/me', { Referer: `${admin.origin}/studies/KET-01/bench` }));
    pass(15 * MINUTE);
    const bench = { Referer: `${admin.origin}/studies/KET-01/bench` };
    expect((await admin.get('/api/v1/lab/people', bench)).body['code']).toBe('session-expired');
    expect((await admin.get('/api/v1/lab/records', bench)).status).toBe(200);
  });

  it('ends with signing out, also for a copy of its cookie', async () => {
    const stolen = director.cookie;
    const answer = ok(await director.post('/api/v1/sign-out'));
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-session=; .*Max-Age=0/);
    director.cookie = stolen;
    expect(await code(director)).toBe('session-expired');
  });

  it('ends by the button of a page without a script', async () => {
    const { cookie, origin, url } = director;
    const headers = { Host: new URL(origin).host, Origin: origin, Cookie: cookie };
    const answer = await request(url).post('/api/v1/sign-out').set(headers).type('form').send('');
    expect([answer.status, answer.headers['location']]).toEqual([303, '/sign-in']);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-session=; .*Max-Age=0/);
    expect(await code(director)).toBe('session-expired');
  });

  it('ends the feed that it followed', async () => {
    const { cookie, origin } = director;
    const headers = { Host: new URL(origin).host, Cookie: cookie };
    const path = '/api/v1/feed?study=KET-01&follow=true';
    const followed = fire(server.port, 'GET', path, { headers });
    ok(await director.post('/api/v1/sign-out'));
    const { text } = await followed;
    expect(text).toContain('"type":"StudyOpened"');
  });

  it('ends when the same browser signs in anew', async () => {
    const before = director.cookie;
    ok(await director.signIn());
    expect(await code(director)).toBe(200);
    director.cookie = before;
    expect(await code(director)).toBe('session-expired');
  });

  it('ends when its passkey is revoked, and when its person is deactivated [R21]', async () => {
    const technician = await hire(admin, 'tech-2', ['technician'], director);
    expect(await code(technician)).toBe(200);
    ok(await admin.lab('RevokeCredential', { credential: technician.credential, cause: 'lost' }));
    expect(await code(technician)).toBe('session-expired');
    const other = await hire(admin, 'tech-3', ['technician'], director);
    ok(await admin.lab('DeactivatePerson', { person: 'tech-3', cause: 'left' }));
    expect(await code(other)).toBe('session-expired');
  });

  it('reads nothing once its last role is revoked, and says what to do', async () => {
    const technician = await hire(admin, 'tech-4', ['technician'], director);
    const { body } = await technician.get('/api/v1/me');
    const [{ record }] = body['roles'] as [{ record: number }];
    ok(await admin.lab('RevokeRole', { grant: record, cause: 'left' }));
    expect(await code(technician)).toBe('study-unknown');
    expect(await code(technician, '/api/v1/lab/records')).toBe('not-permitted');
    expect(await code(technician, '/api/v1/me')).toBe(200);
  });

  it('is not begun by an answer that was given before', async () => {
    const { body } = await director.post('/api/v1/sign-in/passkey/options');
    const { options, ticket } = body as unknown as { options: { challenge: string }; ticket: string };
    const credential = director.passkey.get(options.challenge);
    const first = await director.post('/api/v1/sign-in/passkey', { ticket, credential });
    expect(first.status).toBe(201);
    const again = await director.post('/api/v1/sign-in/passkey', { ticket, credential });
    expect([again.status, again.body['code']]).toEqual([409, 'challenge-spent']);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['of a counter that went back', { counter: 1 }],
    ['of a user who was not verified', { isUserVerified: false }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['with an altered signature', { isSignatureAltered: true }],
  ])('is not begun by an answer %s', async (_, wrong) => {
    const counter = director.passkey.counter + 1;
    const { status, body } = await director.signIn(wrong);
    expect([status, body['code']]).toEqual([403, 'assertion-invalid']);
    director.passkey.counter = counter;
  });

  it('is of five minutes where people are concerned', async () => {
    pass(5 * MINUTE + 1);
    const { status, body } = await admin.lab('RegisterPerson', { person: 'late-1', name: 'Late' });
    expect([status, body['code']]).toEqual([403, 'passkey-required']);
  });

  it('acts in the role that is asked for, where it is held', async () => {
    const both = await hire(admin, 'both-1', ['technician', 'veterinarian'], director);
    ok(
      await both.send('EnrolSubject', exampleOf('EnrolSubject'), 'KET-01', { 'Acting-Role': 'veterinarian' }),
    );
    const { body } = await both.get('/api/v1/studies/KET-01/records?limit=1&from=2');
    const [{ record }] = body['records'] as [{ record: Record<string, unknown> }];
    expect(record).toMatchObject({ actor: 'both-1', actorrole: 'veterinarian' });
    const wrong = await both.send('EnrolSubject', exampleOf('EnrolSubject'), 'KET-01', {
      'Acting-Role': 'king',
    });
    expect([wrong.status, wrong.body['field']]).toEqual([400, 'Acting-Role']);
  });

  it('is none by a token; a token acts for its person, and never beside a cookie', async () => {
    const until = new Date(server.time.ms + 86_400_000).toISOString();
    const data = { person: 'example-sd', label: 'Import', roles: ['director-records'], until };
    const { body } = ok(await director.lab('IssueToken', data));
    const Authorization = `Bearer ${String(body['secret'])}`;
    const beside = await director.get('/api/v1/studies/KET-01', { Authorization });
    expect([beside.status, beside.body['code']]).toEqual([401, 'token-invalid']);
    director.cookie = '';
    ok(await director.get('/api/v1/studies/KET-01', { Authorization }));
    const weighed = ok(
      await director.send('RecordBodyWeight', exampleOf('RecordBodyWeight'), 'KET-01', { Authorization }),
    );
    const [{ number }] = weighed.body['records'] as [{ number: number }];
    const { body: stored } = await director.get(`/api/v1/studies/KET-01/records/${number}`, {
      Authorization,
    });
    expect(stored['record']).toMatchObject({
      session: expect.stringMatching(/^token-\d+$/) as unknown,
      data: { flags: expect.arrayContaining(['by-program']) as unknown },
    });
    expect((await director.lab('IssueToken', data, { Authorization })).body['code']).toBe('passkey-required');
    expect((await director.get('/api/v1/me', { Authorization: 'Bearer x' })).body['code']).toBe(
      'token-invalid',
    );
  });

  it('enrols a second passkey of its own, which waits', async () => {
    const { body } = ok(await director.post('/api/v1/enrolment/options', {}));
    const { options, ticket } = body as unknown as { options: { challenge: string }; ticket: string };
    const second = await register(admin, 'spare-1');
    const credential = second.passkey.create(options.challenge);
    const enrolment = { ticket, credential, label: 'Second' };
    const taken = await director.post('/api/v1/enrolment', enrolment);
    expect([taken.status, taken.body['code']]).toEqual([409, 'credential-exists']);
    const strange = await admin.post('/api/v1/enrolment', enrolment);
    expect([strange.status, strange.body['code']]).toEqual([403, 'assertion-invalid']);
  });
});
