import type { Engine } from '../src/recording/engine.js';
import { openLedger } from '../src/operations/open-ledger.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import {
  bareInserts,
  bareSyncsPerSecond,
  benchFolder,
  concurrentPerSecond,
  median,
  perSecond,
  type Ratio,
} from './measure.js';

const ROUNDS = 5;

/** RecordThreshold through validation and the CommandBus, answered when durable. */
export async function benchCommands(): Promise<Ratio[]> {
  const folder = benchFolder();
  const bench = await benchOn(
    await openLedger(folder.path, { holder: 'bench', facility: 'lab.example', simulated: true }),
  );
  const syncs: number[] = [];
  const inserts: number[] = [];
  const crowd: number[] = [];
  const lone: number[] = [];
  try {
    await prepareStudy(bench, 'BENCH');
    const record = (caller: number): Promise<unknown> =>
      bench.send('RecordThreshold', 'BENCH', { ...THRESHOLD_BODY, subject: animal(caller) });
    await concurrentPerSecond(1, 50, record);
    const insert = bareInserts(folder.path, await lastText(bench.engine));
    for (let round = 0; round < ROUNDS; round++) {
      syncs.push(bareSyncsPerSecond(folder.path));
      inserts.push(perSecond(1, insert.step));
      crowd.push(await concurrentPerSecond(1, 50, record));
      lone.push(await concurrentPerSecond(1, 1, record));
    }
    insert.close();
  } finally {
    await bench.close();
    folder.remove();
  }
  const sync = { against: 'overwrite of 4 KiB + fdatasync', bare: median(syncs) };
  const insert = { against: 'better-sqlite3, one row a transaction, FULL', bare: median(inserts) };
  return [
    ratio('RecordThreshold, 50 callers on one study', median(crowd), sync, 1.3),
    ratio('RecordThreshold, 1 caller', median(lone), sync, 0.25),
    ratio('RecordThreshold, 1 caller', median(lone), insert, 0.5),
  ];
}

interface Bare {
  readonly against: string;
  readonly bare: number;
}

function ratio(what: string, ours: number, { against, bare }: Bare, atLeast: number): Ratio {
  return { what, against, ours, bare, unit: '/s', ratio: ours / bare, bound: { atLeast } };
}

/** The text of the newest record: the row that bare inserts write. */
async function lastText({ store }: Engine): Promise<string> {
  const size = await store.size('study-BENCH');
  for await (const [record] of store.read('study-BENCH', size - 1)) if (record) return record.text;
  throw new Error('the study holds no record');
}
