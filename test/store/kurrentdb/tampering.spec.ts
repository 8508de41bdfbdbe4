import { setTimeout as pause } from 'node:timers/promises';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { expectCode, failure, readAll, records } from '../test-records.js';
import { KurrentDBDouble } from './server-double.js';

/** What the double alone can do to a stream; what an administrator can is in touched-streams.spec.ts. */
describe('kurrentdb (double): a stream that somebody touched [R5]', () => {
  const patience = { attemptMs: 800, giveUpMs: 8_000, staleMs: 600 };
  let double: KurrentDBDouble;
  let store: KurrentDBStore;
  const stored = (stream = 'lab'): string[] =>
    double.stream(stream).events.map(({ data }) => data.toString());
  const all = records(20);
  beforeEach(async () => {
    double = await KurrentDBDouble.start();
    store = new KurrentDBStore(readKurrentDBAddress(double.url), patience);
    await store.append('lab', 0, all);
  });

  afterEach(async () => {
    await store.close();
    double.stop();
  });

  it('is missed when it is gone', async () => {
    double.streams.delete('lab');
    expect(await failure(store.size('lab'))).toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(/lab held 20 records and is gone/),
    });
    await expectCode(readAll(store, 'lab', 20), 'integrity');
  });

  it('is missed when an older state of it was restored', async () => {
    double.stream('lab').events.length = 15;
    expect(await failure(readAll(store, 'lab', 20))).toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(/held 20 records and now ends after 15/),
    });
    await expectCode(store.append('lab', 20, records(1)), 'integrity');
  });

  it.each(['cut', 'deleted'])('is appended to no more by who knew it before it was %s', async (how) => {
    if (how === 'cut') double.stream('lab').first = 5;
    else double.streams.softDelete('lab');
    // The server takes an append and says yes. It is the look beside it that finds out, for those after it.
    const appendOn = async (): Promise<void> => {
      for (let size = 20; size < 60; size++) {
        await store.append('lab', size, records(1, `r${size}`));
        await pause(10);
      }
    };
    expect(await failure(appendOn())).toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(/Records 0 to (4|19) of lab are missing/),
    });
    const { length } = stored();
    await expectCode(store.append('lab', length, records(1, 'more')), 'integrity');
    expect(stored()).toHaveLength(length);
  });

  it('is looked at beside the appends only now and then', async () => {
    const looked = double.reads;
    for (let size = 20; size < 40; size++) await store.append('lab', size, records(1, `r${size}`));
    expect(double.reads - looked).toBeLessThan(5);
  });

  it('is appended to again once it is whole again, as after an alarm by a leader that was behind', async () => {
    const { events } = double.stream('lab');
    const last = events.pop()!;
    await expectCode(readAll(store, 'lab', 20), 'integrity');
    events.push(last);
    await store.append('lab', 20, records(1, 'next'));
    expect(stored()).toHaveLength(21);
  });

  it('is seen to hold other bytes under our id, and events of others', async () => {
    const [event] = double.stream('lab').events.splice(7, 1, {
      ...double.stream('lab').events[7]!,
      data: Buffer.from('{"r":"seven"}'),
    });
    expect(await failure(readAll(store, 'lab'))).toMatchObject({
      code: 'integrity',
      message: expect.stringMatching(/Record 7 of lab was changed/),
    });
    double.stream('lab').events[7] = { ...event!, data: Buffer.from([0xff, 0x7b]) };
    await expectCode(readAll(store, 'lab'), 'integrity');
  });
});
