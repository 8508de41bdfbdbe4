import { stringify } from 'csv-stringify/sync';
import { Engine } from '../src/recording/engine.js';
import { tidyCsv } from '../src/exports/tables/csv.js';
import { tidyRows } from '../src/exports/tables/tidy-rows.js';
import { snapshotOf, type Snapshot } from '../src/exports/snapshot.js';
import { MemoryStore } from '../src/store/memory.store.js';
import { View } from '../src/study/projections/projection.js';
import type { StoredStudyRecord } from '../src/study/record.js';
import { emptyStudy, fold } from '../src/study/study.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { median, type Ratio } from './measure.js';

const RECORDS = 100_000;
const ROUNDS = 5;
const BATCH = 500;
const CODE = 'BENCH';

/**
 * The tidy table of a large study, from its parsed records (folding them, deriving every threshold, making the rows) to
 * text, against what the bare CSV library takes to write the same cells with the same options.
 */
export async function benchExports(): Promise<Ratio[]> {
  const records = await filled();
  const given = { facility: 'bench.example', simulated: true, root: 'A'.repeat(44), version: '0' };
  const snapshot = snapshotOf(fold(emptyStudy(CODE), records), given);
  const whole = [...table(records, snapshot)].join('');
  const rows = cellsIn(whole);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(timed(() => length(table(records, snapshot))));
    bare.push(timed(() => length(written(rows))));
  }
  if (length(written(rows)) !== whole.length) throw new Error('the bare library writes something else');
  return [
    {
      what: 'tidy CSV of 100,000 records, folded',
      against: 'csv-stringify, the same rows',
      ours: rows.length / median(ours),
      bare: rows.length / median(bare),
      unit: 'rows/ms',
      ratio: median(bare) / median(ours),
      bound: { atLeast: 0.5 },
    },
  ];
}

/** Afresh each time: what a fold has derived is kept with its facts. */
function table(records: readonly StoredStudyRecord[], snapshot: Snapshot): Iterable<string> {
  return tidyCsv(tidyRows(new View(fold(emptyStudy(CODE), records)), snapshot));
}

function* written(rows: readonly string[][]): Generator<string> {
  for (let from = 0; from < rows.length; from += BATCH)
    yield stringify(rows.slice(from, from + BATCH), { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}

/** No cell of this study holds a comma, a quote or a line end. */
function cellsIn(csv: string): string[][] {
  return csv
    .slice(0, -2)
    .split('\r\n')
    .map((line) => line.split(','));
}

async function filled(): Promise<StoredStudyRecord[]> {
  const engine = new Engine(new MemoryStore(), () => Date.now());
  await engine.initialise('bench.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  const bench = await benchOn(engine);
  let done = await prepareStudy(bench, CODE);
  while (done < RECORDS) {
    const count = Math.min(BATCH, RECORDS - done);
    await Promise.all(
      Array.from({ length: count }, (_, run) =>
        bench.send('RecordThreshold', CODE, { ...THRESHOLD_BODY, subject: animal(run) }),
      ),
    );
    done += count;
  }
  const records = (await engine.study(CODE)).state.records.toArray();
  await bench.close();
  return records;
}

function length(parts: Iterable<string>): number {
  let sum = 0;
  for (const part of parts) sum += part.length;
  return sum;
}

function timed(work: () => unknown): number {
  globalThis.gc?.();
  const start = performance.now();
  work();
  return performance.now() - start;
}
