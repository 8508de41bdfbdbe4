import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchCli } from './cli.bench.js';
import { benchCommands } from './commands.bench.js';
import { benchConsole } from './console.bench.js';
import { benchEvidence } from './evidence.bench.js';
import { benchExports } from './exports.bench.js';
import { benchHttp } from './http.bench.js';
import { benchKurrentDB } from './kurrentdb.bench.js';
import { benchImport } from './import.bench.js';
import { isMet, type Ratio } from './measure.js';
import { benchOpening } from './opening.bench.js';
import { benchPeople } from './people.bench.js';
import { benchProjections } from './projections.bench.js';
import { benchReturn } from './return.bench.js';
import { benchSignatures } from './signatures.bench.js';
import { benchStartup } from './startup.bench.js';
import { benchTouch } from './touch.bench.js';
import { benchVerify } from './verify.bench.js';
import { render } from '../src/cli/output/page.js';
import { table } from '../src/cli/output/table.js';

const BENCHES: Readonly<Record<string, () => Promise<Ratio[]>>> = {
  cli: benchCli,
  commands: benchCommands,
  console: benchConsole,
  evidence: benchEvidence,
  exports: benchExports,
  http: benchHttp,
  kurrentdb: benchKurrentDB,
  import: benchImport,
  opening: benchOpening,
  people: benchPeople,
  projections: benchProjections,
  return: benchReturn,
  signatures: benchSignatures,
  startup: benchStartup,
  touch: benchTouch,
  verify: benchVerify,
};

const wanted = process.argv.slice(2);
const alone = BENCHES[process.env['BENCH_ALONE'] ?? ''];
if (!alone) await all();
else process.send?.(await alone(), () => process.exit(0));

/** Each in a process of its own, as a person runs the program: what one left in memory would weigh on the next. */
function inProcess(name: string): Promise<Ratio[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, BENCH_ALONE: name } });
    let found: Ratio[] | undefined;
    child.on('message', (ratios) => (found = ratios as Ratio[]));
    child.on('exit', (code) => {
      if (found && code === 0) resolve(found);
      else reject(new Error(`${name} ended with ${code}`));
    });
  });
}

async function all(): Promise<void> {
  const ratios: Ratio[] = [];
  for (const name of Object.keys(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const found = await inProcess(name);
    // At once, too: the whole takes half an hour.
    for (const one of found)
      process.stderr.write(`  ${one.what}: ${one.ratio.toFixed(2)}, asked ${asked(one)}\n`);
    ratios.push(...found);
  }

  process.stdout.write(
    `${render(
      [
        table(ratios, [
          { head: 'what', cell: ({ what }) => what, flexible: true },
          { head: 'against', cell: ({ against }) => against, flexible: true },
          { head: 'ours', cell: ({ ours, unit }) => `${ours.toFixed(0)} ${unit}`, align: 'right' },
          { head: 'bare', cell: ({ bare, unit }) => `${bare.toFixed(0)} ${unit}`, align: 'right' },
          { head: 'ratio', cell: ({ ratio }) => ratio.toFixed(2), align: 'right' },
          {
            head: 'asked',
            cell: asked,
            align: 'right',
          },
          { head: '', cell: (ratio) => (isMet(ratio) ? 'met' : 'MISSED') },
        ]),
      ],
      Infinity,
    )}\n`,
  );
  if (!ratios.every(isMet)) process.exitCode = 1;
}

function asked({ bound }: Ratio): string {
  return 'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
}
