import { randomUUID } from 'node:crypto';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { describeStore } from '../store-contract.js';
import { KurrentDBDouble } from './server-double.js';

const { KURRENTDB_URL } = process.env;

describe('kurrentdb: through the real client, against the double', () => {
  let double: KurrentDBDouble;
  beforeAll(async () => {
    double = await KurrentDBDouble.start();
  });
  afterAll(() => double.stop());

  describeStore('kurrentdb (double)', {
    open: async () => new KurrentDBStore(readKurrentDBAddress(double.url)),
  });
});

if (KURRENTDB_URL === undefined) {
  process.stdout.write('kurrentdb against a real server: skipped: no KURRENTDB_URL\n');
} else {
  describeStore('kurrentdb (real server)', {
    open: async () =>
      new KurrentDBStore({ ...readKurrentDBAddress(KURRENTDB_URL), prefix: `${randomUUID()}.` }),
  });
}
