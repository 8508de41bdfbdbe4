import { randomUUID } from 'node:crypto';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { readKurrentDBAddress, type KurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { expectCode, failure, readAll, records } from '../test-records.js';
import { until } from '../../support/until.js';
import { KurrentDBDouble } from './server-double.js';

const { KURRENTDB_URL } = process.env;
const patience = { attemptMs: 5_000, giveUpMs: 20_000, staleMs: 600 };
const all = records(20);

/** What an administrator can do to a stream, by the client's own calls. */
type Touch = (client: KurrentDBClient, stream: string) => Promise<unknown>;

const cut =
  (metadata: Parameters<KurrentDBClient['setStreamMetadata']>[1]): Touch =>
  (client, stream) =>
    client.setStreamMetadata(stream, metadata);
const softDelete: Touch = (client, stream) => client.deleteStream(stream);
const tombstone: Touch = (client, stream) => client.tombstoneStream(stream);

function describeTouched(server: string, addressOf: () => string): void {
  describe(`kurrentdb (${server}): a stream that an administrator`, () => {
    let address: KurrentDBAddress;
    let admin: KurrentDBClient;
    let opened: KurrentDBStore[];
    let knowing: KurrentDBStore;

    const open = (): KurrentDBStore => {
      const store = new KurrentDBStore(address, patience);
      opened.push(store);
      return store;
    };
    const touch = (how: Touch): Promise<unknown> => how(admin, `${address.prefix}lab`);

    beforeEach(async () => {
      opened = [];
      address = { ...readKurrentDBAddress(addressOf()), prefix: `${randomUUID()}.` };
      admin = KurrentDBClient.connectionString(address.connectionString);
      knowing = open();
      await knowing.append('lab', 0, all);
    });
    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await admin.dispose();
    });

    it.each([
      ['cut below 5', cut({ truncateBefore: 5 }), 'Records 0 to 4'],
      ['cut below its end', cut({ truncateBefore: 20 }), 'Records 0 to 19'],
      ['cut beyond its end', cut({ truncateBefore: 30 }), 'Records 0 to 19'],
      ['let keep the last 3', cut({ maxCount: 3 }), 'Records 0 to 16'],
    ])('%s is missing those, to who knew it and who did not', async (_how, how, missing) => {
      await touch(how);
      const message = expect.stringContaining(`${missing} of lab are missing`);
      for (const store of [knowing, open()]) {
        expect(await failure(readAll(store, 'lab'))).toMatchObject({ code: 'integrity', message });
        expect(await store.size('lab')).toBe(20);
      }
    });

    it('let keep the last second is missing all', async () => {
      await touch(cut({ maxAge: 1 }));
      await until(async () => {
        const error = await readAll(open(), 'lab').catch((e: unknown) => e);
        return error instanceof Error && error.message.includes('Records 0 to 19 of lab are missing');
      });
    });

    it('cut is missing those to who reads on', async () => {
      await touch(cut({ truncateBefore: 5 }));
      for (const [store, from] of [
        [knowing, 20],
        [open(), 20],
        [open(), 3],
      ] as const)
        expect(await failure(readAll(store, 'lab', from))).toMatchObject({
          code: 'integrity',
          message: expect.stringMatching(/Records [03] to 4 of lab are missing/),
        });
    });

    it('deleted is gone to who knew it, and was deleted to who did not', async () => {
      await touch(softDelete);
      expect(await failure(knowing.size('lab'))).toMatchObject({
        code: 'integrity',
        message: expect.stringMatching(/lab held 20 records and is gone/),
      });
      expect(await failure(open().size('lab'))).toMatchObject({
        code: 'integrity',
        message: expect.stringMatching(/^Stream lab was deleted in KurrentDB/),
      });
      expect(await open().size('access')).toBe(0);
    });

    it('deleted takes the same append again without storing it: who knows nothing of it reads it back', async () => {
      await touch(softDelete);
      await expectCode(open().append('lab', 0, all), 'integrity');
    });

    it('deleted and begun anew by somebody goes on behind its numbers, and raises an alarm', async () => {
      await touch(softDelete);
      await expectCode(open().append('lab', 0, records(2, 'anew')), 'integrity');
      expect(await failure(readAll(open(), 'lab'))).toMatchObject({
        code: 'integrity',
        message: expect.stringContaining('Records 0 to 19 of lab are missing'),
      });
      expect(await open().size('lab')).toBe(22);
    });

    it('deleted takes no second append at its end from who knew it', async () => {
      await touch(softDelete);
      // The server takes the first one and says yes; the look beside it finds out.
      await knowing.append('lab', 20, records(1, 'next'));
      await until(() =>
        knowing.append('lab', 21, records(1, 'more')).then(
          () => false,
          () => true,
        ),
      );
      await expectCode(knowing.append('lab', 22, records(1, 'last')), 'integrity');
    });

    it('tombstoned is refused by name: size, read, append, at its end and at its beginning', async () => {
      await touch(tombstone);
      for (const call of [
        () => open().size('lab'),
        () => readAll(open(), 'lab'),
        () => open().append('lab', 0, all),
        () => open().append('lab', 20, records(1)),
        () => knowing.append('lab', 20, records(1)),
      ])
        expect(await failure(call())).toMatchObject({
          code: 'integrity',
          message: expect.stringMatching(/^Stream lab was deleted in KurrentDB/),
        });
    });

    it('tombstoned before it was written is no stream to begin', async () => {
      const stream = `${address.prefix}study-A`;
      await admin.tombstoneStream(stream);
      await expectCode(open().append('study-A', 0, all), 'integrity');
    });
  });
}

describe('against the double', () => {
  let double: KurrentDBDouble;
  beforeAll(async () => {
    double = await KurrentDBDouble.start();
  });
  afterAll(() => double.stop());
  describeTouched('double', () => double.url);
});

// With TLS the ledger's user is no administrator.
if (KURRENTDB_URL !== undefined && !readKurrentDBAddress(KURRENTDB_URL).secure)
  describeTouched('real server', () => KURRENTDB_URL);
