import { status } from '@grpc/grpc-js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../src/store/kurrentdb/kurrentdb.store.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { exampleOf, fire, serving, stopIdleClients, type Reply, type Serving } from './test-server.js';

describe('the feed of a ledger with a damaged study', () => {
  let double: KurrentDBDouble;
  let server: Serving;
  const patience = { attemptMs: 2_000, giveUpMs: 60_000, staleMs: 200 };
  const ask = (query = ''): Promise<Reply> => fire(server.port, 'GET', `/api/v1/feed${query}`);
  const sourcesOf = ({ text }: Reply): string[] =>
    text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { source: string }).source]));
  const cursorIn = ({ headers }: Reply): string =>
    new URL(String(headers.link).slice(1).split('>')[0]!, 'http://localhost').search;

  beforeEach(async () => {
    double = await KurrentDBDouble.start();
    server = await serving({ store: new KurrentDBStore(readKurrentDBAddress(double.url), patience) });
    for (const study of ['KET-01', 'KET-02', 'KET-03'])
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject'])
        await server.send(name, exampleOf(name), { study });
  });
  afterEach(async () => {
    await server.close();
    double.stop();
  });
  afterAll(stopIdleClients);

  it('breaks off once, then gives the other studies whole and names the one that it leaves out', async () => {
    double.stream('study-KET-02').first = 2;
    // Not whole: the damage was found on the way.
    await expect(ask()).rejects.toThrow();
    const others = await ask();
    expect(others.headers['study-ledger-left-out']).toBe('KET-02');
    const expected = ['KET-01', 'KET-03'].flatMap((code) =>
      Array.from({ length: 3 }, () => `/studies/${code}`),
    );
    expect(sourcesOf(others)).toEqual(expected);

    // Nothing of it is passed over: healed, it comes from its beginning.
    double.stream('study-KET-02').first = 0;
    const healed = await ask(cursorIn(others));
    expect(healed.headers['study-ledger-left-out']).toBe('none');
    expect(sourcesOf(healed)).toEqual(Array.from({ length: 3 }, () => '/studies/KET-02'));
  });

  it('answers 500 where that study is asked for, and gives the others', async () => {
    double.stream('study-KET-02').first = 2;
    const { status, text } = await ask('?study=KET-02');
    expect([status, JSON.parse(text)]).toEqual([
      500,
      expect.objectContaining({
        code: 'store-integrity',
        detail: expect.stringMatching(/Records 0 to 1 of study-KET-02/),
      }),
    ]);
    expect(sourcesOf(await ask('?study=KET-03'))).toHaveLength(3);
  });

  it('leaves out a study that was deleted, also for who has read it', async () => {
    const whole = await ask();
    double.streams.softDelete('study-KET-02');
    const next = await ask(cursorIn(whole));
    expect([next.status, next.headers['study-ledger-left-out'], next.text]).toEqual([200, 'KET-02', '']);
    expect((await ask('?study=KET-02')).status).toBe(500);
  });

  it('leaves out a study that its user may not read, which the list of studies names', async () => {
    double.faults.read = (stream) =>
      stream === 'study-KET-02'
        ? { kind: 'error', code: status.PERMISSION_DENIED, details: 'Access Denied', after: false }
        : undefined;
    const others = await ask();
    expect([others.status, others.headers['study-ledger-left-out']]).toEqual([200, 'KET-02']);
    expect(sourcesOf(others)).toHaveLength(6);
    const alone = await ask('?study=KET-02');
    expect([alone.status, JSON.parse(alone.text)]).toEqual([
      503,
      expect.objectContaining({ code: 'store-denied' }),
    ]);
    const { body } = await server.get('/api/v1/studies');
    expect(body.studies).toEqual([
      expect.objectContaining({ study: 'KET-01', state: 'open' }),
      expect.objectContaining({
        study: 'KET-02',
        state: 'damaged',
        problem: expect.stringMatching(/^KurrentDB denied access to study-KET-02/),
      }),
      expect.objectContaining({ study: 'KET-03', state: 'open' }),
    ]);
  });
});
