import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openLedger } from '../src/operations/open-ledger.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { benchFolder, median, type Ratio } from './measure.js';

const STUDIES = 1000;
const RECORDS_A_STUDY = 1000;
const ROUNDS = 5;
const cli = fileURLToPath(new URL('../src/cli.js', import.meta.url));

/** Nothing is rebuilt at start: a big ledger listens as soon as an empty one. */
export async function benchStartup(): Promise<Ratio[]> {
  const folder = benchFolder();
  const [full, empty] = [join(folder.path, 'full'), join(folder.path, 'empty')];
  try {
    mkdirSync(full);
    await fill(full);
    await msToListening(empty);
    const [onFull, onEmpty]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      onEmpty.push(await msToListening(empty));
      onFull.push(await msToListening(full));
    }
    const [ours, bare] = [median(onFull), median(onEmpty)];
    return [
      {
        what: `time to listening on ${STUDIES * RECORDS_A_STUDY} records in ${STUDIES} studies`,
        against: 'the same on an empty ledger',
        ours,
        bare,
        unit: 'ms',
        ratio: ours / bare,
        bound: { atMost: 1.2 },
      },
    ];
  } finally {
    folder.remove();
  }
}

async function fill(path: string): Promise<void> {
  const bench = await benchOn(
    await openLedger(path, { holder: 'bench', facility: 'lab.example', simulated: true }),
  );
  for (let index = 0; index < STUDIES; index++) {
    const study = `BENCH-${index}`;
    const prepared = await prepareStudy(bench, study);
    await Promise.all(
      Array.from({ length: RECORDS_A_STUDY - prepared }, (_, run) =>
        bench.send('RecordThreshold', study, { ...THRESHOLD_BODY, subject: animal(run) }),
      ),
    );
  }
  await bench.close();
}

function msToListening(path: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, 'serve', '--data', path, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let listening = NaN;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('listening')) return;
      listening = performance.now() - start;
      child.kill('SIGTERM');
    });
    child.on('close', () =>
      Number.isNaN(listening) ? reject(new Error('serve did not listen')) : resolve(listening),
    );
  });
}
