import { status } from '@grpc/grpc-js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { withConnection } from '../../../src/store/kurrentdb/connection.js';
import { findExcessRightsOn } from '../../../src/store/kurrentdb/excess-rights.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { records } from '../test-records.js';
import { KurrentDBDouble } from './server-double.js';

/** What a real server grants and denies is tested in hardening.spec.ts. */
describe('kurrentdb (double): the rights on a stream', () => {
  let double: KurrentDBDouble;
  beforeEach(async () => {
    double = await KurrentDBDouble.start();
  });
  afterEach(() => double.stop());

  const find = (stream: string): Promise<string[]> => {
    const address = readKurrentDBAddress(double.url);
    return withConnection(address, (connection) => findExcessRightsOn(connection, address, stream));
  };

  it('are reported, each in a sentence, and nothing is deleted or written', async () => {
    double
      .stream('study-A')
      .events.push({ id: '', type: '', contentType: '', data: Buffer.of(), metadata: Buffer.of() });
    expect(await find('study-A')).toEqual([
      expect.stringMatching(/is allowed to delete the stream study-A at/),
      expect.stringMatching(/is allowed to cut the stream study-A and change its rights at/),
    ]);
    expect(double.stream('study-A')).toMatchObject({ isTombstoned: false, events: [{}] });
    expect(double.streams.get('$$study-A')?.events ?? []).toEqual([]);
  });

  it('are not mentioned where they are denied', async () => {
    double.deniesDelete = true;
    double.faults.append = ({ stream }) =>
      stream.startsWith('$$')
        ? { kind: 'error', code: status.PERMISSION_DENIED, details: 'Access Denied', after: false }
        : undefined;
    expect(await find('study-A')).toEqual([]);
  });

  it('are tested when a stream is made', async () => {
    double.deniesDelete = true;
    const address = { ...readKurrentDBAddress(double.url), secure: true };
    const reported: string[] = [];
    let report: (message: string) => void = () => undefined;
    const told = new Promise<void>((resolve) => (report = () => resolve()));
    const store = new KurrentDBStore(address, {}, (message) => {
      reported.push(message);
      report(message);
    });
    await store.append('study-A', 0, records(1));
    await told;
    await store.append('study-A', 1, records(1, 'next'));
    expect(reported).toEqual([expect.stringMatching(/cut the stream study-A/)]);
    await store.close();
  });
});
