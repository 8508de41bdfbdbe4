import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { record } from '../test-records.js';
import { KurrentDBDouble } from './server-double.js';

/** Several nodes are in the address, and the client asks them who leads. Our side of it only: nothing is elected here. */
describe('kurrentdb (doubles): who leads', () => {
  let leader: KurrentDBDouble;
  let other: KurrentDBDouble;
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  const opened = (): KurrentDBStore =>
    new KurrentDBStore(
      readKurrentDBAddress(
        `kurrentdb://127.0.0.1:${leader.port},127.0.0.1:${other.port}?tls=false&insecure=true`,
      ),
    );

  beforeAll(() => process.on('unhandledRejection', note));
  afterAll(() => process.off('unhandledRejection', note));
  beforeEach(async () => {
    leader = await KurrentDBDouble.start();
    other = await KurrentDBDouble.start();
    other.leads = false;
  });
  afterEach(() => {
    leader.stop();
    other.stop();
    expect(unhandled).toEqual([]);
  });

  it('is nobody for a while: what failed before and what fails meanwhile is asked again, and the process lives', async () => {
    const store = opened();
    await store.append('lab', 0, [record('a')]);
    // The append fails at once, so that a leader is looked for; the read fails when that is under way.
    const gone = { kind: 'error', code: 14, details: 'x', after: false } as const;
    const faults = { reads: 1, appends: 1 };
    leader.faults = {
      append: () => (faults.appends-- > 0 ? gone : undefined),
      read: () => (faults.reads-- > 0 ? { ...gone, ms: 400 } : undefined),
    };
    leader.leads = false;
    const size = store.size('study-A');
    const append = store.append('lab', 1, [record('b')]);
    setTimeout(() => (leader.leads = true), 2_500);
    await append;
    expect(await size).toBe(0);
    expect(leader.stream('lab').events).toHaveLength(2);
    await store.close();
  });

  it('is found though a node that sleeps is asked first, which is waited for no longer than 2 s', async () => {
    other.leads = undefined;
    // The client chooses at random which of the two it asks first.
    const stores = Array.from({ length: 8 }, opened);
    expect(await Promise.all(stores.map((store) => store.size('lab')))).toEqual(stores.map(() => 0));
    await Promise.all(stores.map((store) => store.close()));
    // One more, until the sleeping node has been asked.
    while (other.gossipMs === 0) {
      const store = opened();
      await store.size('lab');
      await store.close();
    }
    expect(other.gossipMs).toBeLessThanOrEqual(2_000);
  });
});
