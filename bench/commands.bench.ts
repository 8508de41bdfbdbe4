import { openLedger } from '../src/operations/open-ledger.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { bareSyncsPerSecond, benchFolder, concurrentPerSecond, median, type Ratio } from './measure.js';

const ROUNDS = 5;

/** RecordThreshold through validation and the CommandBus, answered when durable, against bare synced overwrites. */
export async function benchCommands(): Promise<Ratio[]> {
  const folder = benchFolder();
  const bench = await benchOn(await openLedger(folder.path, { holder: 'bench' }));
  const syncs: number[] = [];
  const crowd: number[] = [];
  const lone: number[] = [];
  try {
    await prepareStudy(bench, 'BENCH');
    const record = (caller: number): Promise<unknown> =>
      bench.send('RecordThreshold', 'BENCH', { ...THRESHOLD_BODY, subject: animal(caller) });
    await concurrentPerSecond(1, 50, record);
    for (let round = 0; round < ROUNDS; round++) {
      syncs.push(bareSyncsPerSecond(folder.path));
      crowd.push(await concurrentPerSecond(1, 50, record));
      lone.push(await concurrentPerSecond(1, 1, record));
    }
  } finally {
    await bench.close();
    folder.remove();
  }
  const bare = median(syncs);
  const against = 'overwrite of 4 KiB + fdatasync';
  return [
    ratio('RecordThreshold, 50 callers on one study', median(crowd), 2),
    ratio('RecordThreshold, 1 caller', median(lone), 0.4),
  ];

  function ratio(what: string, ours: number, atLeast: number): Ratio {
    return { what, against, ours, bare, unit: '/s', ratio: ours / bare, bound: { atLeast } };
  }
}
