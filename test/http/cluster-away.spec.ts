import { KurrentDBStore } from '../../src/store/kurrentdb/kurrentdb.store.js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb/address.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { exampleOf, serving, withAnimal } from './support.js';

describe('while the cluster does not answer', () => {
  const patience = { attemptMs: 400, giveUpMs: 2_000, staleMs: 1_000 };

  it('the process lives, is not ready, answers 503 with a time to come back, and recovers by itself', async () => {
    const double = await KurrentDBDouble.start();
    const server = await serving({ store: new KurrentDBStore(readKurrentDBAddress(double.url), patience) });
    await withAnimal(server);
    const weight = exampleOf('RecordBodyWeight');
    const key = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';

    double.faults = {
      append: () => ({ kind: 'silence', after: true }),
      read: () => ({ kind: 'silence', after: false }),
    };
    const [health, ready, query, command] = await Promise.all([
      server.get('/health'),
      server.get('/health/ready'),
      server.get('/studies/KET-01'),
      server.send('RecordBodyWeight', weight, { key }),
    ]);
    expect([health.status, health.body.store]).toEqual([200, 'kurrentdb']);
    for (const [answer, code] of [
      [ready, 'store-unavailable'],
      [query, 'store-unavailable'],
    ] as const)
      expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
        503,
        code,
        expect.anything(),
      ]);
    expect(command.status).toBe(503);

    double.faults = {};
    const again = await server.send('RecordBodyWeight', weight, { key });
    expect([again.status, again.body.treeSize]).toEqual([201, 4]);
    expect(double.stream('study-KET-01').events).toHaveLength(4);
    expect((await server.get('/health/ready')).status).toBe(200);
    await server.close();
    double.stop();
  });
});
