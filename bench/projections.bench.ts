import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { AppModule } from '../src/app.module.js';
import { createApplication } from '../src/http/platform/server.js';
import { openLedger } from '../src/operations/open-ledger.js';
import { sealRecord } from '../src/recording/seal.js';
import { PROJECTIONS } from '../src/study/projections/catalogue.js';
import { View, type Projection } from '../src/study/projections/projection.js';
import { responderStatus } from '../src/study/projections/responder-status.projection.js';
import { studySource, type StudyRecord } from '../src/study/record.js';
import { emptyStudy, fold } from '../src/study/study.js';
import { LONG_HISTORIES, type LongHistory } from '../test/study/projections/long-histories.js';
import { benchOn } from './bench-study.js';
import type { HealthAnswered, HealthAsked } from './health-worker.js';
import { benchFolder, median, type Ratio } from './measure.js';

const ROUNDS = 5;
const MANY = 8000;
const BATCH = 500;
const stimulations = LONG_HISTORIES['stimulations, one run after each']!;

/** That a long history costs as many times more as it is longer, and that others do not wait for it. */
export async function benchProjections(): Promise<Ratio[]> {
  return [
    growth(`responder-status, ${MANY} stimulations of one animal`, [responderStatus], stimulations, MANY),
    growth(
      `all projections, ${MANY} measurements of one animal`,
      PROJECTIONS,
      LONG_HISTORIES['measurements']!,
      MANY,
    ),
    growth('all projections, 1,000 animals', PROJECTIONS, LONG_HISTORIES['animals']!, 1000),
    await health(),
  ];
}

/** The time of n against that of a tenth. */
function growth(
  what: string,
  projections: readonly Projection[],
  make: (n: number) => LongHistory,
  n: number,
): Ratio {
  const [many, few] = [make(n), make(n / 10)];
  const times: { many: number[]; few: number[] } = { many: [], few: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const [short, long] = [timeOf(projections, few), timeOf(projections, many)];
    // The first is compiled on the way.
    if (round < 0) continue;
    times.few.push(short);
    times.many.push(long);
  }
  const [ours, bare] = [median(times.many), median(times.few)];
  return {
    what,
    against: 'a tenth of it',
    ours,
    bare,
    unit: 'ms',
    ratio: ours / bare,
    bound: { atMost: 12 },
  };
}

/** Of a study that was just folded: nothing is known of its runs yet. */
function timeOf(projections: readonly Projection[], { records }: LongHistory): number {
  const study = fold(emptyStudy('BENCH'), records);
  globalThis.gc?.();
  const began = performance.now();
  for (const projection of projections) projection.project(new View(study));
  return performance.now() - began;
}

async function health(): Promise<Ratio> {
  const folder = benchFolder();
  try {
    await fill(folder.path);
    const engine = await openLedger(folder.path, { holder: 'bench' });
    const app = await createApplication(AppModule.on(engine), false, () => ({
      lab: engine.labNow,
      nowMs: Date.now(),
    }));
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
    const long = '/api/v1/studies/BENCH/projections/responder-status';
    const { idle, during } = await asked({ port, long, times: 400 });
    await app.close();
    const [ours, bare] = [1000 * median(during), 1000 * median(idle)];
    return {
      what: `/health during a read of ${MANY} stimulations`,
      against: 'idle',
      ours,
      bare,
      unit: 'µs',
      ratio: ours / bare,
      bound: { atMost: 5 },
    };
  } finally {
    folder.remove();
  }
}

/** The history as records of a ledger. Commands would be decided one after another, for minutes. */
async function fill(path: string): Promise<void> {
  const bench = await benchOn(
    await openLedger(path, { holder: 'bench', facility: 'bench.example', simulated: true }),
  );
  await bench.send('RegisterStudy', 'BENCH', { data: { title: 'Bench', director: 'bench' } });
  const by = { actor: 'bench', actorrole: 'bench', command: 'Bench', commanddigest: '0'.repeat(64) };
  const { records } = stimulations(MANY);
  const sealed = records.slice(1).map(({ number, record }) => {
    const commandid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    return sealRecord<StudyRecord>({ ...by, commandid }, record, { source: studySource('BENCH'), number });
  });
  for (let from = 0; from < sealed.length; from += BATCH)
    await bench.engine.store.append('study-BENCH', from + 1, sealed.slice(from, from + BATCH));
  await bench.close();
}

function asked(workerData: HealthAsked): Promise<HealthAnswered> {
  const worker = new Worker(new URL('./health-worker.js', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
