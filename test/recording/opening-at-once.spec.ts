import { v4 } from 'uuid';
import { Engine } from '../../src/recording/engine.js';
import { KurrentDBStore } from '../../src/store/kurrentdb/kurrentdb.store.js';
import { readKurrentDBAddress } from '../../src/store/kurrentdb/address.js';
import { KurrentDBDouble } from '../store/kurrentdb/server-double.js';
import { START, codeOf, sender } from './test-ledger.js';

it('opens many studies at the same moment, on a store whose answers take their time', async () => {
  const double = await KurrentDBDouble.start();
  const engine = new Engine(new KurrentDBStore(readKurrentDBAddress(double.url)), () => START);
  await engine.initialise('lab.example', true, v4());
  const codes = Array.from({ length: 20 }, (_, index) => `NP-${index}`);
  const answers = await Promise.all(codes.map((code) => sender(engine, code)('RegisterStudy')));
  expect(new Set(answers.map(codeOf))).toEqual(new Set(['recorded']));
  const again = new Engine(new KurrentDBStore(readKurrentDBAddress(double.url)), () => START);
  const open = await Promise.all(codes.map((code) => again.study(code)));
  expect(open.map(({ size }) => size)).toEqual(codes.map(() => 1));
  await engine.close();
  await again.close();
  double.stop();
});
