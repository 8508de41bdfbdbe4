import { KurrentDBStore } from '../../src/store/kurrentdb/kurrentdb.store.js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb/address.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { until } from '../support/until.js';
import { exampleOf, serving, withAnimal, type Serving } from './test-server.js';

describe('while the cluster does not answer', () => {
  const impatient = { attemptMs: 300, giveUpMs: 900, staleMs: 300 };

  /** A server that soon gives up. On a busy machine it may do so while nothing is wrong. */
  async function impatientServer(double: KurrentDBDouble): Promise<Serving> {
    let server: Serving | undefined;
    await until(async () => {
      const store = new KurrentDBStore(readKurrentDBAddress(double.url), impatient);
      server = await serving({ store }).catch(() => undefined);
      return server !== undefined;
    });
    return server!;
  }

  it('the process lives, is not ready, answers 503 with a time to come back, and recovers by itself', async () => {
    const double = await KurrentDBDouble.start();
    const before = await serving({ store: new KurrentDBStore(readKurrentDBAddress(double.url)) });
    await withAnimal(before);
    await before.close();
    const server = await impatientServer(double);
    await until(async () => (await server.get('/health/ready')).status === 200);
    const weight = exampleOf('RecordBodyWeight');
    const key = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';

    double.faults = {
      append: () => ({ kind: 'silence', after: true }),
      read: () => ({ kind: 'silence', after: false }),
    };
    const [health, ready, query, command] = await Promise.all([
      server.get('/health'),
      server.get('/health/ready'),
      server.get('/api/v1/studies/KET-01'),
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
    await until(async () => {
      const again = await server.send('RecordBodyWeight', weight, { key });
      return again.status === 201 && again.body.treeSize === 4;
    });
    expect(double.stream('study-KET-01').events).toHaveLength(4);
    await until(async () => (await server.get('/health/ready')).status === 200);
    await server.close();
    double.stop();
  });
});
