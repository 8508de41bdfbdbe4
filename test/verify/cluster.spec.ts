import { opened, type TestLedger } from '../recording/test-ledger.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { freshFolder } from '../support/folders.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';

const STUDY = 'study-NP-001';

/** A new lab record, and records that rest on it: what a check that has read the lab does not know. */
async function more(ledger: TestLedger): Promise<void> {
  await ledger.anchoring.anchor();
  await ledger.grow(2);
}

it('finds nothing wrong on a cluster whose study grows, with the lab, whenever it is about to be read', async () => {
  const double = await KurrentDBDouble.start();
  const quiet = { report: () => undefined };
  const folder = freshFolder('verify-cluster');
  const ledger = await opened(folder, { store: double.url, ...quiet });
  await ledger.study();
  let grown = 0;
  let growing: Promise<void> | undefined;
  double.faults = {
    read: (stream) => {
      // Not at the reads of the growing itself.
      if (stream !== STUDY || growing || grown === 4) return undefined;
      grown++;
      growing = more(ledger).finally(() => (growing = undefined));
      return { kind: 'hold', until: growing };
    },
  };
  const { findings } = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
  expect(findings.filter(({ severity }) => severity === 'fail')).toEqual([]);
  expect(grown).toBeGreaterThan(1);
  await growing;
  double.faults = {};
  const { records, exitCode } = await verifyLedger(folder, { threads: 0, store: double.url, ...quiet });
  const { store } = ledger.engine;
  expect([exitCode, records]).toEqual([0, (await store.size('lab')) + (await store.size(STUDY))]);
  await ledger.engine.close();
  double.stop();
});
