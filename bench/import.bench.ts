import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger } from '../src/operations/open-ledger.js';
import { importRows } from '../src/imports/import.js';
import { readSpreadsheet } from '../src/imports/reading/read-spreadsheet.js';
import { readMapping } from '../src/imports/mapping/read-mapping.js';
import { Refusal } from '../src/study/refusal.js';
import { LADDER_PRESETS, type Ladder } from '../src/study/rules/ladder.js';
import { filamentsFromLast } from '../src/study/rules/up-down.js';
import { animal, benchOn, prepareStudy, type Bench } from './bench-study.js';
import { benchFolder, median, type Ratio } from './measure.js';

const RUNS = 20_000;
const ROUNDS = 5;
const STUDY = 'BENCH';
const AT_ONCE = 512;
const REASON = 'Copied from the sheets of the bench';

/** Animals are enrolled before they are tested. */
const BEFORE = { occurredAt: '2024-12-01T09:00:00Z', reason: REASON };

/** Spreadsheet rows as most laboratories have them: the responses, and the last filament. */
const ROWS = Array.from({ length: RUNS }, (_, index) => {
  const [run, last] = [
    ['OXOXOX', '4'],
    ['OOXXOO', '4'],
    ['XOOXOX', '4'],
  ][index % 3] as [string, string];
  // One after another: what is entered in the order in which it happened is what a sheet holds.
  const at = new Date(Date.UTC(2025, 0, 1) + index * 600_000).toISOString().replace('.000', '');
  return { subject: animal(index), at, run, last };
});

const MAPPING = {
  mapping: 'study-ledger/1',
  reason: REASON,
  tables: [
    {
      record: 'RecordThreshold',
      subject: 'animal',
      occurredAt: { instant: 'at' },
      run: { responses: 'run', last: 'last' },
      data: { paw: { value: 'ipsilateral' } },
    },
  ],
};

/** An import, from the bytes of the file to durable records, against sending the commands that it makes, ready made. */
export async function benchImport(): Promise<Ratio[]> {
  const folder = benchFolder();
  const file = join(folder.path, 'runs.csv');
  const lines = ROWS.map(({ subject, at, run, last }) => [subject, at, run, last].join());
  writeFileSync(file, ['animal,at,run,last', ...lines].join('\n'));
  const ours: number[] = [];
  const bare: number[] = [];
  /** Each in a ledger of its own, so that neither carries what the other left in memory. */
  const measured = async (name: string, run: (bench: Bench) => Promise<number>): Promise<number> => {
    const bench = await benchOn(
      await openLedger(join(folder.path, name), {
        holder: 'bench',
        facility: 'lab.example',
        simulated: true,
      }),
    );
    try {
      await prepareStudy(bench, STUDY, BEFORE);
      globalThis.gc?.();
      return await run(bench);
    } finally {
      await bench.close();
    }
  };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const direct = await measured(`direct-${round}`, directly);
      const whole = await measured(`import-${round}`, (bench) => imported(bench, file));
      // The first round warms up.
      if (round === 0) continue;
      bare.push(direct);
      ours.push(whole);
    }
  } finally {
    folder.remove();
  }
  const ratio = median(ours) / median(bare);
  return [
    {
      what: `import of ${RUNS} runs from CSV`,
      against: 'the same commands sent directly',
      ours: median(ours),
      bare: median(bare),
      unit: '/s',
      ratio,
      bound: { atLeast: 0.7 },
    },
  ];
}

async function directly(bench: Bench): Promise<number> {
  const ladder = LADDER_PRESETS['RAT-N8'] as Ladder;
  const bodies = ROWS.map(({ subject, at, run, last }) => ({
    subject,
    occurredAt: at,
    reason: REASON,
    data: { paw: 'ipsilateral', ladder: ladder.id, touches: filamentsFromLast(ladder, run, last) },
  }));
  const start = performance.now();
  for (let from = 0; from < RUNS; from += AT_ONCE) {
    const batch = bodies.slice(from, from + AT_ONCE);
    await Promise.all(batch.map((body) => bench.send('RecordThreshold', STUDY, body)));
  }
  return (1000 * RUNS) / (performance.now() - start);
}

async function imported(bench: Bench, path: string): Promise<number> {
  const start = performance.now();
  const mapping = readMapping(JSON.stringify(MAPPING));
  const file = await readSpreadsheet(path, mapping);
  const request = { file, mapping, study: STUDY, actor: 'bench', role: 'bench', importer: 'bench' };
  const result = await importRows({ ...request, dryRun: false, keepGoing: false }, bench.engine);
  if (result instanceof Refusal) throw new Error(result.message);
  const { rows } = result;
  const seconds = (performance.now() - start) / 1000;
  const lost = rows.filter(({ outcome }) => outcome !== 'recorded').length;
  if (lost > 0 || rows.length !== RUNS) throw new Error(`${lost} of ${rows.length} rows were not recorded`);
  return RUNS / seconds;
}
