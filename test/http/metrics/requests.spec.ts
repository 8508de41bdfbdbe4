import type { RequestLine } from '../../../src/http/platform/request-line.js';
import type { AccessRecord } from '../../../src/lab/access.js';
import { Client, administratorOf, hire, ok } from '../../support/people.js';
import { freshFolder } from '../../support/folders.js';
import { until } from '../../support/until.js';
import { createServer } from '../../../src/http/platform/server.js';
import { openLedgerFolder } from '../../../src/operations/open-ledger.js';
import { failures } from '../../recording/test-ledger.js';
import { testAddress } from '../../support/test-store.js';
import { START, exampleOf, serving, type Serving } from '../test-server.js';

const MINUTE = 60_000;

describe('what is logged, counted and noted of requests', () => {
  const lines: RequestLine[] = [];
  const warnings: unknown[] = [];
  let server: Serving;
  let admin: Client;
  let director: Client;
  let technician: Client;

  beforeAll(async () => {
    const note = (entry: unknown): void => void warnings.push(entry);
    server = await serving({
      simulated: false,
      logger: { log: () => undefined, warn: note, error: note },
      http: { attemptsAMinute: 1000, log: (line) => lines.push(line) },
    });
    admin = await administratorOf(server);
    director = await hire(admin, 'example-sd', ['director']);
    technician = await hire(admin, 'tech-1', ['technician'], director);
    const data = { ...(exampleOf('RegisterStudy')['data'] as object), director: 'example-sd' };
    ok(await director.send('RegisterStudy', { data }));
    ok(await director.send('ApproveProtocol'));
    ok(await technician.send('EnrolSubject'));
  });

  afterAll(() => server.close());

  async function records(): Promise<AccessRecord[]> {
    await server.engine.accessNotes.flush(true);
    return (await textsOf('access')).map((text) => JSON.parse(text) as AccessRecord);
  }

  async function textsOf(stream: string): Promise<string[]> {
    const texts: string[] = [];
    for await (const page of server.engine.store.read(stream)) texts.push(...page.map(({ text }) => text));
    return texts;
  }

  /** The line of the last request, which is written after its answer. */
  async function lineOf(work: () => Promise<unknown>): Promise<RequestLine> {
    const before = lines.length;
    await work();
    await until(() => lines.length > before);
    return lines.at(-1)!;
  }

  it('has a line for each command: its id, who, what, with which code, how long', async () => {
    const key = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';
    const weight = { subject: 'R01', data: { weight: { value: '250.0', unit: 'g' } } };
    const headers = { 'Idempotency-Key': key };
    expect(await lineOf(() => technician.send('RecordBodyWeight', weight, 'KET-01', headers))).toEqual({
      id: key,
      method: 'POST',
      route: '/api/v1/studies/:code/commands/:command',
      person: 'tech-1',
      command: 'RecordBodyWeight',
      status: 201,
      ms: expect.any(Number),
    });
    const refused = await lineOf(() => technician.send('CloseStudy'));
    expect(refused).toMatchObject({ command: 'CloseStudy', code: 'not-permitted', status: 403 });
    const ofLab = await lineOf(() => technician.lab('RegisterPerson', { person: 'x-1', name: 'X' }));
    expect(ofLab).toMatchObject({ person: 'tech-1', command: 'RegisterPerson', code: 'not-permitted' });
  });

  it('has a line for each other request, with the route and not the address', async () => {
    const line = await lineOf(() => director.get('/api/v1/studies/KET-01/records?actor=tech-1'));
    expect(line).toMatchObject({ method: 'GET', route: '/api/v1/studies/:code/records', status: 200 });
    expect(JSON.stringify(line)).not.toMatch(/KET-01|actor/);
    const stranger = new Client(server.url, 'nobody');
    const refused = await lineOf(() => stranger.get('/api/v1/studies/KET-01'));
    expect(refused).toMatchObject({ code: 'sign-in-required', status: 401 });
    expect(refused).not.toHaveProperty('person');
  });

  it('notes refused commands of the study and the lab, and files, by person and role', async () => {
    ok(await director.get('/api/v1/studies/KET-01/files/table.csv'));
    ok(await director.get('/api/v1/studies/KET-01/files/table.csv?separator=%3B'));
    ok(await director.get('/studies/KET-01/records.csv'));
    const said = (await records()).map(({ type, actor, actorrole, data }) => ({
      type,
      actor,
      actorrole,
      ...data,
    }));
    expect(said).toContainEqual(
      expect.objectContaining({
        type: 'CommandRefused',
        actor: 'tech-1',
        command: 'CloseStudy',
        study: 'KET-01',
      }),
    );
    expect(said).toContainEqual(
      expect.objectContaining({ type: 'CommandRefused', command: 'RegisterPerson', code: 'not-permitted' }),
    );
    const files = said.filter(({ type }) => type === 'FileMade');
    expect(files).toMatchObject([
      { actor: 'example-sd', actorrole: 'director', study: 'KET-01', size: 4, file: 'table.csv', count: 2 },
      { actor: 'example-sd', study: 'KET-01', size: 4, file: 'records.csv', count: 1 },
    ]);
  });

  it('notes no file that was not handed out again', async () => {
    const path = '/api/v1/studies/KET-01/files/report.html';
    const { headers } = ok(await director.get(path));
    const again = await director.get(path, { 'If-None-Match': headers['etag']! });
    expect(again.status).toBe(304);
    const made = (await records()).filter(({ data }) => (data as { file?: string }).file === 'report.html');
    expect(made.map(({ data }) => (data as { count: number }).count)).toEqual([1]);
  });

  it('answers metrics to an administrator and to a token for them, and to nobody else', async () => {
    ok(await admin.signIn());
    const roles = ['metrics'];
    const until = new Date(server.time.ms + 86_400_000).toISOString();
    const issued = ok(await admin.lab('IssueToken', { person: 'admin-1', label: 'Scraper', roles, until }));
    const { secret } = issued.body as { secret: string };
    const scraper = new Client(server.url, 'scraper');
    const bearer = { Authorization: `Bearer ${secret}` };
    expect((await scraper.get('/metrics')).status).toBe(401);
    expect((await technician.get('/metrics')).status).toBe(403);
    expect((await admin.get('/metrics')).status).toBe(200);
    const { status, headers, text } = await scraper.get('/metrics', bearer);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('study_ledger_commands_total{command="CloseStudy",outcome="not-permitted"} 1\n');
    expect(text).toContain('study_ledger_commands_total{command="RecordBodyWeight",outcome="ok"} 1\n');
    expect(text).toContain('study_ledger_refused_reads_total{code="sign-in-required"}');
    expect(text).toMatch(/^study_ledger_sign_ins_total\{method="passkey"\} \d+$/m);
    expect(text).toMatch(/^study_ledger_append_seconds_count [1-9]\d*$/m);
    expect(text).toMatch(/^study_ledger_open_studies 1$/m);
    expect(text).toMatch(/^study_ledger_store_up 1\n/m);
    expect(text).toMatch(/^study_ledger_recording 1\n/m);
    // Prometheus takes a comment, or a name, labels and a number.
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+)$/);
    expect(text).not.toMatch(/KET-01|tech-1|admin-1|example-sd/);
    expect((await scraper.get('/api/v1/studies/KET-01', bearer)).status).not.toBe(200);
  });

  it('counts failed sign-ins of all who are not signed in together, and warns of many', async () => {
    server.time.ms += MINUTE;
    const before = (await records()).filter(({ type }) => type === 'SignInFailed').length;
    const stranger = new Client(server.url, 'tech-1');
    for (let i = 0; i < 25; i++) {
      expect((await stranger.signIn()).status).toBe(403);
      await stranger.get('/api/v1/me', { Authorization: `Bearer ${'A'.repeat(43)}` });
    }
    const failed = (await records()).filter(({ type }) => type === 'SignInFailed').slice(before);
    expect(failed.length).toBeLessThanOrEqual(2);
    expect(failed.reduce((sum, { data }) => sum + (data as { count: number }).count, 0)).toBe(50);
    expect(failed.every(({ actor, session }) => actor === 'study-ledger' && session === undefined)).toBe(
      true,
    );
    const { text } = await admin.get('/metrics');
    expect(text).toContain('study_ledger_sign_in_failures_total 50\n');
    expect(text).toContain('study_ledger_sign_in_alert 1\n');
  });

  it('says nowhere what was typed: no value, name, code or token in log, problem or leaf', async () => {
    const typed = ['Zaphod', 'code-of-a-link-'.padEnd(43, '7'), 'B'.repeat(43), 'Name of tech-1', 'GRU-99'];
    const [name, code, token, , study] = typed as [string, string, string, string, string];
    const stranger = new Client(server.url, name);
    const answers = [
      await stranger.enrol(code),
      await stranger.get('/api/v1/me', { Authorization: `Bearer ${token}` }),
      await technician.send('RecordBodyWeight', { subject: code, data: { [name]: name } }, study),
      await technician.send(name, {}, study),
      await technician.lab('RevokeToken', { token: -1, cause: code }),
      await technician.get(`/api/v1/studies/${study}?${name}=${code}`),
      await technician.get(`/find?q=${name}`),
    ];
    await records();
    const streams = await Promise.all(['access', 'lab', 'study-KET-01'].map(textsOf));
    const kept = [...streams.flat(), JSON.stringify(lines), JSON.stringify(warnings)].join('\n');
    expect(typed.filter((one) => kept.includes(one))).toEqual([]);
    // A problem names what is wrong to whoever typed it, but no secret.
    const told = answers.map(({ text }) => text).join('\n');
    expect([code, token].filter((one) => told.includes(one))).toEqual([]);
  });
});

it('verify has nothing against a ledger whose access log has notes', async () => {
  const path = freshFolder('access-notes');
  const options = {
    holder: 'test',
    facility: 'lab.example',
    clock: () => START,
    store: await testAddress(path),
  };
  const { engine } = await openLedgerFolder(path, options);
  const server = await createServer(engine, { port: 0, logger: false, http: { attemptsAMinute: 1000 } });
  const admin = await administratorOf({ engine, url: server.url });
  const director = await hire(admin, 'example-sd', ['director']);
  const data = { ...(exampleOf('RegisterStudy')['data'] as object), director: 'example-sd' };
  ok(await director.send('RegisterStudy', { data }));
  ok(await director.get('/api/v1/studies/KET-01/files/table.csv'));
  expect((await admin.send('CloseStudy')).status).toBe(404);
  expect((await new Client(server.url, 'example-sd').signIn()).status).toBe(403);
  await engine.accessNotes.flush(true);
  const types: string[] = [];
  for await (const page of engine.store.read('access'))
    types.push(...page.map(({ text }) => (JSON.parse(text) as AccessRecord).type));
  expect(types).toEqual(expect.arrayContaining(['SignInFailed', 'CommandRefused', 'FileMade']));
  await server.close();
  expect(await failures(path)).toEqual([]);
});
