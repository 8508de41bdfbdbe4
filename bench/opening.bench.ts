import { openLedger } from '../src/operations/open-ledger.js';
import { openSqliteReader } from '../src/store/sqlite/open-sqlite.js';
import { Engine } from '../src/recording/engine.js';
import { ANIMALS, THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { benchFolder, median, type Ratio } from './measure.js';

const RECORDS = 100_000;
const ROUNDS = 5;

/** Opening a study (read, parse, fold, tree) against reading the same rows and JSON.parse alone. */
export async function benchOpening(): Promise<Ratio[]> {
  const folder = benchFolder();
  try {
    const bench = await benchOn(
      await openLedger(folder.path, { holder: 'bench', facility: 'lab.example', simulated: true }),
    );
    await prepareStudy(bench, 'BENCH');
    for (let done = ANIMALS + 2; done < RECORDS; done += 500) {
      await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          bench.send('RecordThreshold', 'BENCH', { ...THRESHOLD_BODY, subject: animal(index) }),
        ),
      );
    }
    await bench.close();
    const opened: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => readAndParse(folder.path)));
      opened.push(await timed(() => openStudy(folder.path)));
    }
    const [ours, alone] = [RECORDS / median(opened), RECORDS / median(bare)];
    return [
      {
        what: `opening a study of ${RECORDS} records`,
        against: 'reading the rows and JSON.parse',
        ours,
        bare: alone,
        unit: '/ms',
        ratio: ours / alone,
        bound: { atLeast: 0.6 },
      },
    ];
  } finally {
    folder.remove();
  }
}

async function openStudy(folder: string): Promise<void> {
  const store = openSqliteReader(folder);
  const study = await new Engine(store, () => 0).study('BENCH');
  if (study.size < RECORDS) throw new Error(`only ${study.size} records`);
  await store.close();
}

async function readAndParse(folder: string): Promise<void> {
  const store = openSqliteReader(folder);
  const kept: unknown[] = [];
  for await (const page of store.read('study-BENCH'))
    for (const { text } of page) kept.push(JSON.parse(text));
  if (kept.length < RECORDS) throw new Error(`only ${kept.length} records`);
  await store.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return performance.now() - start;
}
