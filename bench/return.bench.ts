import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLedger, openLedgerForReading } from '../src/engine/open-ledger.js';
import { openSqliteReader } from '../src/store/sqlite-ledger.js';
import { commandNamed } from '../src/study/catalogue.js';
import { exampleProtocol } from '../src/study/commands/example-protocol.js';
import { makeReturn } from '../src/welfare/make-return.js';
import { MemorySink } from '../src/welfare/sink.js';
import { THRESHOLD_BODY, benchOn, type Bench } from './bench-study.js';
import { benchFolder, median, type Ratio } from './measure.js';

const STUDIES = 1000;
const ANIMALS = 4;
const ROUNDS = 3;
const MEGABYTES = 300;

/** What is done to an animal: as many records of each kind as an animal of the reference study has on the average. */
const COURSE = [
  'EnrolSubject',
  ...times(8, ['RecordBodyWeight', 'ScoreWelfare', 'RecordThreshold']),
  'LigateNerve',
  ...times(4, ['RecordBodyWeight', 'ScoreWelfare', 'RecordThreshold']),
  'ImplantElectrode',
  ...times(4, ['RecordBodyWeight', 'RecordThreshold']),
  'DetermineMotorThreshold',
  'ApplySCS',
  ...times(6, ['RecordBodyWeight']),
  'EuthaniseSubject',
  'AssessSeverity',
];

function times(count: number, names: readonly string[]): string[] {
  return Array.from({ length: count }, () => names).flat();
}

/** The return of a year over a thousand studies, against reading and parsing their records and nothing else. */
export async function benchReturn(): Promise<Ratio[]> {
  const folder = benchFolder();
  try {
    const codes = Array.from({ length: STUDIES }, (_, index) => `RET-${index}`);
    await fill(folder.path, codes);
    const made: number[] = [];
    const bare: number[] = [];
    const year = new Date().getUTCFullYear();
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => readAndParse(folder.path, codes)));
      made.push(await timed(() => returnOf(folder.path, year)));
    }
    const megabytes = memoryOf(folder.path, year);
    const [ours, alone] = [STUDIES / median(made), STUDIES / median(bare)].map((rate) => 1000 * rate) as [
      number,
      number,
    ];
    return [
      {
        what: `yearly return over ${STUDIES} studies of ${2 + ANIMALS * COURSE.length} records`,
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

/** By itself, so that the process which measures holds nothing of what it filled. */
async function fill(folder: string, codes: readonly string[]): Promise<void> {
  const bench = await benchOn(await openLedger(folder, { holder: 'bench' }));
  for (const code of codes) await playStudy(bench, code);
  await bench.close();
}

async function playStudy(bench: Bench, code: string): Promise<void> {
  await bench.send('RegisterStudy', code, { data: { title: 'Bench', director: 'bench' } });
  const example = (name: string): object =>
    name === 'RecordThreshold' ? THRESHOLD_BODY : (commandNamed(name)?.example ?? {});
  const commands = Array.from({ length: ANIMALS }, (_, index) =>
    COURSE.map((name) => ({ name, body: { ...example(name), subject: `R${index}`, reason: 'Bench' } })),
  );
  await Promise.all([
    bench.send('ApproveProtocol', code, { data: { protocol: exampleProtocol } }),
    ...commands.flat().map(({ name, body }) => bench.send(name, code, body)),
  ]);
}

async function returnOf(folder: string, year: number): Promise<void> {
  const { engine } = await openLedgerForReading(folder);
  const { uses } = await makeReturn(engine, { year, format: 'eu' }, new MemorySink());
  if (uses !== STUDIES * ANIMALS) throw new Error(`only ${uses} uses`);
  await engine.close();
}

async function readAndParse(folder: string, codes: readonly string[]): Promise<void> {
  const store = openSqliteReader(folder);
  let records = 0;
  for (const code of codes) {
    for await (const page of store.read(`study-${code}`))
      for (const { text } of page) if (JSON.parse(text)) records++;
  }
  if (records < STUDIES) throw new Error(`only ${records} records`);
  await store.close();
}

function memoryOf(folder: string, year: number): number {
  const child = fileURLToPath(new URL('./return-child.js', import.meta.url));
  const out = execFileSync(process.execPath, [child, folder, String(year), join(folder, 'return')], {
    encoding: 'utf8',
  });
  return (JSON.parse(out) as { megabytes: number }).megabytes;
}

async function timed(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const start = performance.now();
  await work();
  return performance.now() - start;
}
