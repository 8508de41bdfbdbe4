import { lineLogger } from '../../src/http/platform/line-logger.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { StoredRecord } from '../../src/store/event-store.js';
import { StoreError } from '../../src/store/store-error.js';
import { exampleOf, serving, type Serving } from './test-server.js';

/** A store in which one study can no longer be read. */
class DamagedStore extends MemoryStore {
  damaged = '';

  override async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    if (stream === this.damaged) throw new StoreError('integrity', `Record 0 of ${stream} is missing.`);
    yield* super.read(stream, from);
  }
}

describe('a ledger of which one study is damaged', () => {
  const lines: string[] = [];
  let server: Serving;
  beforeAll(async () => {
    const store = new DamagedStore();
    const before = await serving({ store });
    for (const study of ['KET-01', 'KET-02'])
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject'])
        expect((await before.send(name, exampleOf(name), { study })).status).toBe(201);
    store.damaged = 'study-KET-01';
    server = await serving({ store, logger: lineLogger((line) => lines.push(line)) });
  });
  afterAll(() => server.close());

  it('lists the studies and names the damaged one', async () => {
    const { status, body } = await server.get('/api/v1/studies');
    expect(status).toBe(200);
    expect(body.studies).toMatchObject([
      { study: 'KET-01', state: 'damaged', problem: 'Record 0 of study-KET-01 is missing.' },
      { study: 'KET-02', state: 'open', treeSize: 3 },
    ]);
  });

  it('lists the alerts of the others and names the damaged one', async () => {
    const { status, body } = await server.get('/api/v1/welfare/alerts');
    expect([status, body]).toEqual([200, { simulated: true, alerts: [], damaged: ['KET-01'] }]);
  });

  it('is ready, and says which study is damaged', async () => {
    const { status, body } = await server.get('/health/ready');
    expect([status, body.status, body.damaged]).toEqual([200, 'ready', ['KET-01']]);
  });

  it('records in the others, refuses the damaged one, and reports that in one line', async () => {
    const weight = exampleOf('RecordBodyWeight');
    expect((await server.send('RecordBodyWeight', weight, { study: 'KET-02' })).status).toBe(201);
    lines.length = 0;
    for (const answer of [
      await server.get('/api/v1/studies/KET-01'),
      await server.send('RecordBodyWeight', weight, { study: 'KET-01' }),
    ])
      expect([answer.status, answer.body.code]).toEqual([500, 'store-integrity']);
    expect(lines).toEqual([
      'Record 0 of study-KET-01 is missing., code store-integrity, method GET, route /api/v1/studies/:code',
      'Record 0 of study-KET-01 is missing., code store-integrity, method POST, route /api/v1/studies/:code/commands/:command',
    ]);
  });
});

it('reports an internal error in one line, with the reference that the client was given', () => {
  const lines: string[] = [];
  const logger = lineLogger((line) => lines.push(line));
  logger.error({ message: 'internal error', reference: '7', method: 'GET', stack: 'TypeError: x\n    at f' });
  logger.warn('one\n  two');
  logger.log('not shown');
  expect(lines).toEqual(['internal error, TypeError: x, reference 7, method GET', 'one two']);
});
