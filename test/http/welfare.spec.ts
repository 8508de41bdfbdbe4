import { unzipSync } from 'fflate';
import { exampleOf, serving, withAnimal, type Serving } from './test-server.js';

describe('welfare over HTTP', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(() => server.close());

  const send = async (name: string, data: object, rest: object = {}) => {
    server.time.ms += 60_000;
    const example = exampleOf(name) as { data: object };
    return server.send(name, { ...example, subject: 'R01', ...rest, data: { ...example.data, ...data } });
  };

  it('answers the command that reaches an endpoint with it, the same on repetition, and lists it until decided', async () => {
    expect((await server.get('/api/v1/welfare/alerts')).body).toEqual({ simulated: true, alerts: [] });
    const body = { subject: 'R01', data: { sheet: 'daily-sheet', scores: [{ item: 'autotomy', score: 3 }] } };
    const key = '00000000-0000-4000-8000-00000000abcd';
    const first = await server.send('ScoreWelfare', body, { key });
    expect(first.body.endpoints).toMatchObject([{ subject: 'R01', id: 'autotomy', record: 3 }]);
    expect((await server.get('/api/v1/welfare/alerts')).body.alerts).toMatchObject([
      { study: 'KET-01', record: 3 },
    ]);
    const weighed = await send('RecordBodyWeight', {});
    expect(weighed.body.endpoints).toBeUndefined();
    const decided = await send('DecideEndpoint', { endpoint: 'autotomy', reachedBy: 3 });
    expect(decided.status).toBe(201);
    expect((await server.get('/api/v1/welfare/alerts')).body.alerts).toEqual([]);
    expect((await send('RecordBodyWeight', {})).body.endpoints).toBeUndefined();
    expect((await server.send('ScoreWelfare', body, { key })).body).toEqual(first.body);
  });

  it('refuses a return with gaps, lists them, and hands it out when they are allowed', async () => {
    await send('LigateNerve', {});
    await send('EuthaniseSubject', {});
    const { status, body } = await server.get('/api/v1/welfare/returns/2026/de');
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'return-has-gaps' });
    expect(body.gaps).toMatchObject([
      { study: 'KET-01', subject: 'R01' },
      { study: null, subject: null },
    ]);
    expect(body.inconsistent).toEqual([]);
    const allowed = await server.get('/api/v1/welfare/returns/2026/de?gaps=allow').buffer().parse(bytes);
    expect(allowed.headers['content-type']).toBe('application/zip');
    const files = unzipSync(allowed.body as Uint8Array);
    expect(Object.keys(files)).toContain('return-2026-de/return-2026-de.csv');
  });

  it('takes codes of the laboratory and the sizes of an earlier return, which then comes out byte for byte', async () => {
    const asked = async (body: object) => {
      const answer = await server.post('/api/v1/welfare/returns/2026/de').send(body).buffer().parse(bytes);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
      return unzipSync(answer.body as Uint8Array);
    };
    const codes = {
      id: 'lab-2026',
      standing: 'As our authority wrote',
      placeOfBirth: { 'eu-registered': 'O9' },
    };
    const killedUnused = { standing: 'The animal facility', animals: [] };
    const early = await asked({ codes, killedUnused, gaps: 'allow' });
    const text = (files: Record<string, Uint8Array>, name: string) =>
      Buffer.from(files[`return-2026-de/${name}`]!).toString();
    expect(text(early, 'return-2026-de.csv')).toContain(';no;O9;');
    const about = JSON.parse(text(early, 'return.json')) as { studies: object; codes: object };
    expect(about.codes).toMatchObject({ id: 'lab-2026', standing: 'As our authority wrote' });
    await send('AssessSeverity', { severity: 'severe' }, { reason: 'Autotomy' });
    expect(await asked({ at: about, gaps: 'allow' })).toEqual(early);
    expect(text(await asked({ killedUnused }), 'return-2026-de.csv')).toContain(';no;O1;');
  });

  it.each([
    [{ codes: { id: 'x' } }, 422, 'field-invalid', 'codes'],
    [{ codes: { id: 'x', standing: 'y', birth: {} } }, 422, 'field-invalid', 'codes'],
    [{ at: { studies: { 'KET-01': 999 } } }, 400, 'at-beyond-head', 'at'],
    [{ at: { studies: { 'NO-01': 1 } } }, 422, 'at-file-invalid', 'at'],
    [{ at: { studies: {}, year: 2025 } }, 422, 'at-file-differs', 'at'],
    [
      { at: { studies: { 'KET-01': { treeSize: 3, root: `${'A'.repeat(43)}=` } } } },
      409,
      'root-differs',
      'at',
    ],
    [{ at: { studies: {}, format: 'de', codes: { id: 'x' } } }, 422, 'codes-invalid', 'codes'],
    [{ killedUnused: { animals: [] } }, 422, 'field-invalid', 'killedUnused'],
    [{ gaps: 'some' }, 422, 'field-invalid', 'gaps'],
    [{ sizes: {} }, 422, 'field-invalid', undefined],
    [[], 422, 'field-invalid', undefined],
  ])('refuses to make a return from %j', async (body, status, code, field) => {
    const answer = await server.post('/api/v1/welfare/returns/2026/de').send(body);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field]);
  });

  it('takes the statement of animals killed unused for the German return alone', async () => {
    const killedUnused = { standing: 'The animal facility', animals: [] };
    const { status, body } = await server.post('/api/v1/welfare/returns/2026/eu').send({ killedUnused });
    expect([status, body.code, body.field]).toEqual([422, 'field-invalid', 'killedUnused']);
  });

  it.each([
    ['/api/v1/welfare/returns/2026/nl', 404, 'format-unknown'],
    ['/api/v1/welfare/returns/26/de', 400, 'parameter-invalid'],
    ['/api/v1/welfare/returns/2026/de?gaps=maybe', 400, 'parameter-invalid'],
    ['/api/v1/welfare/returns/2026/de?at=1', 400, 'parameter-unknown'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await server.get(path);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });
});

function bytes(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const parts: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('end', () => done(null, Buffer.concat(parts)));
}
