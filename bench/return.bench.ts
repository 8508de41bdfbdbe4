import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLedgerForReading } from '../src/operations/open-ledger.js';
import { openSqliteReader } from '../src/store/sqlite/open-sqlite.js';
import { makeReturn } from '../src/welfare/returns/make-return.js';
import { MemorySink } from '../src/welfare/returns/sink.js';
import { benchFolder, median, type Ratio } from './measure.js';
import { ANIMALS, CODES, STUDIES, STUDY_RECORDS } from './return-studies.js';

const ROUNDS = 5;
const MEGABYTES = 300;

/** The return of a year over a thousand studies, against reading and parsing their records and nothing else. */
export async function benchReturn(): Promise<Ratio[]> {
  const folder = benchFolder();
  try {
    // In a process of its own, so that this one holds nothing of what was filled.
    execFileSync(process.execPath, [childNamed('return-fill.js'), folder.path]);
    const made: number[] = [];
    const bare: number[] = [];
    const year = new Date().getUTCFullYear();
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => readAndParse(folder.path)));
      made.push(await timed(() => returnOf(folder.path, year)));
    }
    const megabytes = memoryOf(folder.path, year);
    const [ours, alone] = [STUDIES / median(made), STUDIES / median(bare)].map((rate) => 1000 * rate) as [
      number,
      number,
    ];
    return [
      {
        what: `yearly return over ${STUDIES} studies of ${STUDY_RECORDS} records`,
        against: 'reading the rows and JSON.parse',
        ours,
        bare: alone,
        unit: 'studies/s',
        ratio: ours / alone,
        bound: { atLeast: 0.5 },
      },
      {
        what: 'resident memory of that return, at most',
        against: 'what it may hold',
        ours: megabytes,
        bare: MEGABYTES,
        unit: 'MB',
        ratio: megabytes / MEGABYTES,
        bound: { atMost: 1 },
      },
    ];
  } finally {
    folder.remove();
  }
}

async function returnOf(folder: string, year: number): Promise<void> {
  const { engine } = await openLedgerForReading(folder);
  const { uses } = await makeReturn(engine, { year, format: 'eu' }, new MemorySink());
  if (uses !== STUDIES * ANIMALS) throw new Error(`only ${uses} uses`);
  await engine.close();
}

async function readAndParse(folder: string): Promise<void> {
  const store = openSqliteReader(folder);
  let records = 0;
  for (const code of CODES) {
    for await (const page of store.read(`study-${code}`))
      for (const { text } of page) if (JSON.parse(text)) records++;
  }
  if (records < STUDIES) throw new Error(`only ${records} records`);
  await store.close();
}

function memoryOf(folder: string, year: number): number {
  const out = execFileSync(
    process.execPath,
    [childNamed('return-child.js'), folder, String(year), join(folder, 'return')],
    {
      encoding: 'utf8',
    },
  );
  return (JSON.parse(out) as { megabytes: number }).megabytes;
}

async function timed(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function childNamed(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
