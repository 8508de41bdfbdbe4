import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite.js';
import type { NewRecord } from '../../src/store/event-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { StoreError } from '../../src/store/store-error.js';
import { START, exampleOf, serving, withAnimal, type Serving } from './test-server.js';
import { testStoreName } from '../support/test-store.js';

const KEY = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';
const RUN = ['2 O', '4 X', '2 O', '4 X', '2 O', '4 X'];

function threshold(touches = RUN): object {
  const { subject, data } = exampleOf('RecordThreshold') as { subject: string; data: object };
  const run = touches.map((touch) => {
    const [filament, response] = touch.split(' ');
    return { filament, response };
  });
  return { subject, data: { ...data, touches: run } };
}

/** #0 opened, #1 approved, #2 enrolled, #3 baseline run, #4 ligated, #5 run after the ligation, #6 #5 corrected. */
async function play(server: Serving): Promise<void> {
  await withAnimal(server);
  const step = async (name: string, body: object): Promise<void> => {
    server.time.ms += 60_000;
    const { status, text } = await server.send(name, body);
    expect([status, text]).toEqual([201, expect.any(String)]);
  };
  await step('RecordThreshold', threshold());
  await step('LigateNerve', exampleOf('LigateNerve'));
  await step('RecordThreshold', threshold(['2 X', '1 X', '0.6 O', '1 X', '0.6 O', '1 X']));
  const corrected = {
    ...(threshold(['2 X', '1 X', '0.6 X', '0.4 O', '0.6 X', '0.4 O']) as { data: object }).data,
  };
  await step('CorrectRecord', {
    reason: 'Read from the wrong line',
    data: {
      target: { number: 5 },
      subject: 'R01',
      occurredAt: '2026-03-02T09:18:00Z',
      corrected,
    },
  });
}

describe('a study over HTTP', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await play(server);
  });
  afterAll(() => server.close());

  it('answers a command with a receipt, an entity tag and the place of the record', async () => {
    const answer = await server.send('RecordBodyWeight', exampleOf('RecordBodyWeight'), { key: KEY });
    expect(answer.status).toBe(201);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).toEqual({
      study: 'KET-01',
      records: [{ number: 7, leaf: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) }],
      treeSize: 8,
      root: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
    expect(answer.headers['etag']).toBe('"8"');
    expect(answer.headers['idempotency-key']).toBe(KEY);
    expect(answer.headers['location']).toBe('/api/v1/studies/KET-01/records/7');
    const record = await server.get('/api/v1/studies/KET-01/records/7');
    expect(record.body).toMatchObject({ number: 7, leaf: answer.body.records[0].leaf });
    expect(record.body.record).toMatchObject({
      actor: 'development-identity',
      actorrole: 'development',
      command: 'RecordBodyWeight',
      commandid: KEY,
    });
  });

  it('makes an id where none is sent, and returns it', async () => {
    const answer = await server
      .post('/api/v1/studies/KET-01/commands/score-welfare')
      .send(exampleOf('ScoreWelfare'));
    expect(answer.status).toBe(201);
    expect(answer.headers['idempotency-key']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const record = await server.get(answer.headers['location'] ?? '');
    expect(record.body.record.commandid).toBe(answer.headers['idempotency-key']);
  });

  it('shows the study as it was known at an earlier tree size [R50]', async () => {
    const series = async (at: string) =>
      (await server.get(`/api/v1/studies/KET-01/projections/threshold-series?at=${at}`)).body;
    const [before, after] = [await series('6'), await series('7')];
    expect(before).toMatchObject({ study: 'KET-01', treeSize: 6 });
    expect(after).toMatchObject({ study: 'KET-01', treeSize: 7 });
    expect(JSON.stringify(before)).not.toEqual(JSON.stringify({ ...after, treeSize: 6, root: before.root }));
    expect((await series('0')).treeSize).toBe(0);
  });

  it('takes a recorded time for a tree size [R50]', async () => {
    const at = new Date(START + 2 * 60_000).toISOString();
    const { body } = await server.get(`/api/v1/studies/KET-01?at=${at}`);
    expect(body).toMatchObject({ treeSize: 5 });
    const offset = await server.get('/api/v1/studies/KET-01?at=2026-03-02T10:17:00+01:00');
    expect(offset.body.treeSize).toBe(5);
  });

  it('leaves out what had not happened by “until” [R50]', async () => {
    const { body } = await server.get('/api/v1/studies/KET-01/records?until=2026-03-02T09:15:30Z');
    expect(body.records.map(({ number }: { number: number }) => number)).toEqual([0, 1, 2]);
    expect(body.until).toBe('2026-03-02T09:15:30Z');
  });

  it('shows a record with its corrections', async () => {
    const { body } = await server.get('/api/v1/studies/KET-01/records/5');
    expect(body.trail.supersededBy).toBe(6);
    expect(body.corrections).toHaveLength(1);
    expect(body.corrections[0]).toMatchObject({ record: 6, reason: 'Read from the wrong line' });
  });

  it('tells the next filament, from the start and in a run under way', async () => {
    const start = await server.get('/api/v1/studies/KET-01/next-filament');
    expect(start.body).toMatchObject({ complete: false, next: '2', reason: 'start' });
    const empty = await server.get('/api/v1/studies/KET-01/next-filament?touches=');
    expect(empty.body).toEqual(start.body);
    const under = await server.get('/api/v1/studies/KET-01/next-filament?touches=2:O,4:X');
    expect(under.body).toMatchObject({ complete: false, next: '2' });
    const done = await server.get(
      `/api/v1/studies/KET-01/next-filament?touches=${RUN.map((touch) => touch.replace(' ', ':')).join(',')}`,
    );
    expect(done.body).toMatchObject({ complete: true, next: null, reason: 'six-critical-responses' });
    const ambiguous = await server.get('/api/v1/studies/KET-01/next-filament?touches=2:?');
    expect(ambiguous.body).toMatchObject({ next: '2', reason: 'repeat-ambiguous' });
  });

  it('lists studies, projections and health', async () => {
    const studies = await server.get('/api/v1/studies');
    expect(studies.body).toMatchObject({ facility: 'lab.example', simulated: true });
    expect(studies.body.studies).toHaveLength(1);
    const { body } = await server.get('/api/v1/studies/KET-01/projections');
    expect(body.projections.map(({ name }: { name: string }) => name)).toContain('responder-status');
    for (const { name } of body.projections) {
      const answer = await server.get(`/api/v1/studies/KET-01/projections/${name}?subject=R01`);
      expect([name, answer.status]).toEqual([name, 200]);
    }
    const health = await server.get('/health');
    expect(health.body).toEqual({
      status: 'ok',
      store: testStoreName,
      facility: 'lab.example',
      simulated: true,
      timeZone: expect.stringMatching(/^[A-Za-z_/+-]+[0-9]*$/),
      studies: 1,
      labTreeSize: 2,
    });
    expect((await server.get('/health/ready')).body).toEqual({ status: 'ready', labTreeSize: 2 });
  });
});

describe('on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'study-ledger-http-'));
  const open = () => serving({ store: openSqliteStore(folder, { create: true, holder: 'test' }) });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('answers the same id with the same receipt after a restart, and refuses another command under it', async () => {
    const first = await open();
    await play(first);
    const weight = exampleOf('RecordBodyWeight');
    const receipt = await first.send('RecordBodyWeight', weight, { key: KEY });
    expect(receipt.status).toBe(201);
    await first.send('ScoreWelfare', exampleOf('ScoreWelfare'));
    const status = await first.get('/api/v1/studies/KET-01/projections/responder-status?at=7');
    await first.close();

    const second = await open();
    const again = await second.send('RecordBodyWeight', weight, { key: KEY });
    expect([again.status, again.text, again.headers['etag']]).toEqual([201, receipt.text, '"8"']);
    const other = { ...weight, data: { weight: { value: '1', unit: 'g' } } };
    const refused = await second.send('RecordBodyWeight', other, { key: KEY });
    expect([refused.status, refused.body.code]).toEqual([409, 'command-id-reused']);
    const replayed = await second.get('/api/v1/studies/KET-01/projections/responder-status?at=7');
    expect(replayed.text).toBe(status.text);
    expect((await second.get('/health')).body.store).toBe('sqlite');
    await second.close();
  });
});

it('records a command once, however often it is sent at the same moment', async () => {
  const server = await serving({ store: new MemoryStore() });
  await withAnimal(server);
  const weight = exampleOf('RecordBodyWeight');
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.send('RecordBodyWeight', weight, { key: KEY })),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect((await server.get('/api/v1/studies/KET-01')).body.treeSize).toBe(4);
  await server.close();
});

/** A store that goes away between the two appends of a registration. */
class CutOff extends MemoryStore {
  cut = true;

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    if (this.cut && stream.startsWith('study-')) throw new StoreError('unavailable', 'gone');
    return super.append(stream, size, records);
  }
}

it('shows a registration that was cut off as unfinished, and finishes it when it is sent again', async () => {
  const store = new CutOff();
  const server = await serving({ store });
  const registration = exampleOf('RegisterStudy');
  expect((await server.send('RegisterStudy', registration, { key: KEY })).status).toBe(503);
  store.cut = false;
  expect((await server.get('/api/v1/studies')).body.studies).toEqual([
    { study: 'KET-01', state: 'unfinished', treeSize: 0 },
  ]);
  for (const path of ['', '/projections', '/projections/study-flow', '/records']) {
    const answer = await server.get(`/api/v1/studies/KET-01${path}`);
    expect([path, answer.status, answer.headers['etag']]).toEqual([path, 200, '"0"']);
  }
  const next = await server.get('/api/v1/studies/KET-01/next-filament');
  expect([next.status, next.body.code]).toEqual([409, 'no-protocol']);
  const early = await server.send('EnrolSubject', exampleOf('EnrolSubject'));
  expect([early.status, early.body.code]).toEqual([409, 'study-unfinished']);
  const other = await server.send('RegisterStudy', { data: { title: 'Another', director: 'sd-02' } });
  expect([other.status, other.body.code]).toEqual([409, 'study-exists']);
  expect((await server.send('RegisterStudy', registration, { key: KEY })).status).toBe(201);
  expect((await server.get('/api/v1/studies')).body.studies).toMatchObject([
    { study: 'KET-01', treeSize: 1 },
  ]);
  await server.close();
});
