import { exampleOf, serving, withAnimal, type Serving } from './test-server.js';

/** #3 … #12: body weights a minute apart; #7 is late, with a reason. */
describe('reads', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    for (let number = 3; number < 13; number++) {
      server.time.ms += 60_000;
      const late = number === 7 ? { occurredAt: '2026-03-02T02:00:00Z', reason: 'Sheet found later' } : {};
      const { status } = await server.send('RecordBodyWeight', { ...exampleOf('RecordBodyWeight'), ...late });
      expect(status).toBe(201);
    }
  });
  afterAll(() => server.close());

  const numbers = async (query: string): Promise<number[]> => {
    const { status, body, text } = await server.get(`/api/v1/studies/KET-01/records?${query}`);
    if (status !== 200) throw new Error(text);
    return body.records.map(({ number }: { number: number }) => number);
  };

  it('pages through the records without a gap or a repetition', async () => {
    const seen: number[] = [];
    for (let next: number | null = 0; next !== null;) {
      const { body } = await server.get(`/api/v1/studies/KET-01/records?from=${next}&limit=5`);
      seen.push(...body.records.map(({ number }: { number: number }) => number));
      next = body.next;
    }
    expect(seen).toEqual(Array.from({ length: 13 }, (_, index) => index));
  });

  it('filters records [R7]', async () => {
    expect(await numbers('subject=R01&limit=3')).toEqual([2, 3, 4]);
    expect(await numbers('type=ProtocolApproved')).toEqual([1]);
    expect(await numbers('flag=late')).toEqual([7]);
    expect(await numbers('actor=nobody')).toEqual([]);
    expect(await numbers('actor=development-identity&from=11')).toEqual([11, 12]);
    expect(await numbers('since=2026-03-02T09:20:00Z&before=2026-03-02T10:22:00%2B01:00')).toEqual([7, 8]);
    expect(await numbers('at=4&type=BodyWeightRecorded')).toEqual([3]);
    expect(await numbers('from=9007199254740991')).toEqual([]);
  });

  it.each([
    ['limit=0', 'parameter-invalid', 'limit'],
    ['limit=1001', 'parameter-invalid', 'limit'],
    ['limit=1e2', 'parameter-invalid', 'limit'],
    ['limit=', 'parameter-invalid', 'limit'],
    ['from=-1', 'parameter-invalid', 'from'],
    ['from=01', 'parameter-invalid', 'from'],
    ['from=99999999999999999999', 'parameter-invalid', 'from'],
    ['type=Nothing', 'parameter-invalid', 'type'],
    ['type=__proto__', 'parameter-invalid', 'type'],
    ['flag=LATE', 'parameter-invalid', 'flag'],
    ['since=yesterday', 'parameter-invalid', 'since'],
    ['before=2026-02-30T00:00:00Z', 'parameter-invalid', 'before'],
    ['subject=a%00b', 'parameter-invalid', 'subject'],
    ['actor=%ff', 'parameter-invalid', undefined],
    ['at=99', 'at-beyond-head', 'at'],
    ['at=-1', 'at-invalid', 'at'],
    ['at=', 'at-invalid', 'at'],
    ['until=now', 'until-invalid', 'until'],
    ['at=3&at=3', 'parameter-repeated', 'at'],
    ['at=3&%61t=4', 'parameter-repeated', 'at'],
    ['limits=3', 'parameter-unknown', 'limits'],
    ['__proto__=3', 'parameter-unknown', '__proto__'],
    ['at[]=3', 'parameter-unknown', 'at[]'],
    ['Limit=3', 'parameter-unknown', 'Limit'],
  ])('refuses %s', async (query, code, field) => {
    const { status, body } = await server.get(`/api/v1/studies/KET-01/records?${query}`);
    expect([status, body.code, body.field]).toEqual([400, code, field]);
  });

  it('refuses parameters where none are taken, and those of another read', async () => {
    for (const path of ['/', '/api', '/api/v1/openapi.json', '/health', '/health/ready', '/api/v1/studies']) {
      const { status, body } = await server.get(`${path}?at=3`);
      expect([path, status, body.code]).toEqual([path, 400, 'parameter-unknown']);
    }
    expect((await server.get('/api/v1/studies/KET-01?subject=R01')).body.code).toBe('parameter-unknown');
    const command = await server.post('/api/v1/studies/KET-01/commands/score-welfare?dry=1').send({});
    expect([command.status, command.body.code]).toEqual([400, 'parameter-unknown']);
  });

  it.each([
    ['/api/v1/studies/NONE', 'study-unknown', 404],
    ['/api/v1/studies/NONE/projections', 'study-unknown', 404],
    ['/api/v1/studies/NONE/projections/welfare', 'study-unknown', 404],
    ['/api/v1/studies/NONE/records', 'study-unknown', 404],
    ['/api/v1/studies/NONE/records/0', 'study-unknown', 404],
    ['/api/v1/studies/NONE/next-filament', 'study-unknown', 404],
    ['/api/v1/studies/KET-01/projections/none', 'projection-unknown', 404],
    ['/api/v1/studies/KET-01/projections/__proto__', 'projection-unknown', 404],
    ['/api/v1/studies/KET-01/projections/welfare?subject=R99', 'subject-unknown', 422],
    ['/api/v1/studies/KET-01/records/13', 'record-unknown', 404],
    ['/api/v1/studies/KET-01/records/5?at=5', 'record-unknown', 404],
    ['/api/v1/studies/KET-01/records/-1', 'parameter-invalid', 400],
    ['/api/v1/studies/KET-01/records/x', 'parameter-invalid', 400],
    ['/api/v1/studies/KET-01/next-filament?touches=3:O', 'filament-not-in-ladder', 422],
    ['/api/v1/studies/KET-01/next-filament?touches=2:o', 'touches-invalid', 400],
    ['/api/v1/studies/KET-01/next-filament?touches=2:O,', 'touches-invalid', 400],
  ])('refuses %s as %s', async (path, code, status) => {
    const answer = await server.get(path);
    expect([answer.body.code, answer.status]).toEqual([code, status]);
  });

  it('tags the list of studies by what it says, since it rests on no one tree', async () => {
    const first = await server.get('/api/v1/studies');
    const tag = first.headers['etag'] as string;
    expect(tag).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    const same = await server.get('/api/v1/studies').set('If-None-Match', tag);
    expect([same.status, same.text, same.headers['etag']]).toEqual([304, '', tag]);
    expect((await server.get('/api/v1/studies').set('If-None-Match', '"other"')).status).toBe(200);
  });

  it('gives the next filament by the protocol that was known and in force then', async () => {
    const path = '/api/v1/studies/KET-01/next-filament?touches=2:O';
    const now = await server.get(path);
    expect(now.body).toMatchObject({ treeSize: 13, next: '4' });
    expect((await server.get(`${path}&at=2`)).body).toMatchObject({ treeSize: 2, next: '4' });
    expect((await server.get(`${path}&at=1`)).body).toMatchObject({ status: 409, code: 'no-protocol' });
    expect((await server.get(`${path}&at=99`)).body).toMatchObject({ status: 400, code: 'at-beyond-head' });
    expect((await server.get(`${path}&until=2020-01-01T00:00:00Z`)).body).toMatchObject({
      code: 'no-protocol',
    });
  });

  it('answers 304 to who has the answer of that tree size, and the answer to who has another', async () => {
    const paths = [
      '',
      '/projections',
      '/projections/welfare',
      '/due',
      '/records',
      '/records/3',
      '/next-filament',
    ];
    for (const path of paths.map((rest) => `/api/v1/studies/KET-01${rest}`)) {
      const first = await server.get(path);
      expect([path, first.headers['etag']]).toEqual([path, '"13"']);
      for (const tags of ['"13"', 'W/"13"', '"1", "13"', '*']) {
        const same = await server.get(path).set('If-None-Match', tags);
        expect([path, tags, same.status, same.text, same.headers['etag']]).toEqual([
          path,
          tags,
          304,
          '',
          '"13"',
        ]);
      }
      for (const tags of ['"12"', '13', '""', '"113"', ',']) {
        expect([tags, (await server.get(path).set('If-None-Match', tags)).status]).toEqual([tags, 200]);
      }
    }
    const earlier = await server.get('/api/v1/studies/KET-01?at=4').set('If-None-Match', '"4"');
    expect(earlier.status).toBe(304);
    const missing = await server.get('/api/v1/studies/KET-01/records/99').set('If-None-Match', '*');
    expect([missing.status, missing.headers['etag']]).toEqual([404, undefined]);
  });

  it('answers from no older tree than the reader has seen, or says that it cannot yet', async () => {
    for (const path of [
      '',
      '/projections/welfare',
      '/records',
      '/records/3',
      '/checkpoint',
      '/consistency',
    ]) {
      const known = await server.get(`/api/v1/studies/KET-01${path}?atLeast=13`);
      expect([path, known.status]).toEqual([path, 200]);
      const unknown = await server.get(`/api/v1/studies/KET-01${path}?atLeast=14`);
      expect([path, unknown.status, unknown.body.code]).toEqual([path, 503, 'tree-size-not-reached']);
      expect(unknown.headers['retry-after']).toBe('1');
    }
    expect((await server.get('/api/v1/lab/checkpoint?atLeast=999')).status).toBe(503);
    expect((await server.get('/api/v1/studies/NONE?atLeast=1')).status).toBe(404);
    // A coordinate that no study can have is refused before anything is waited for.
    for (const [wrong, code] of [
      ['at=-1', 'at-invalid'],
      ['until=now', 'until-invalid'],
    ] as const) {
      const { status, body } = await server.get(`/api/v1/studies/KET-01?atLeast=999&${wrong}`);
      expect([status, body.code]).toEqual([400, code]);
    }
    for (const wrong of ['-1', 'x', '1e3', '', '01'])
      expect((await server.get(`/api/v1/studies/KET-01?atLeast=${wrong}`)).body.code).toBe(
        'parameter-invalid',
      );
  });

  it('answers HEAD as GET, without the body', async () => {
    const { body } = await server.get('/api/v1/studies/KET-01');
    const head = await import('./test-server.js').then(({ fire }) =>
      fire(server.port, 'HEAD', '/api/v1/studies/KET-01'),
    );
    expect([head.status, head.text, head.headers['etag']]).toEqual([200, '', '"13"']);
    expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(JSON.stringify(body)));
  });
});
