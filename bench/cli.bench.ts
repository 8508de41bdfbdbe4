import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFolder, median, type Ratio } from './measure.js';

const ROUNDS = 11;
/** The program as it is built and shipped. */
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Processor time of short commands, against that of Node itself. */
export async function benchCli(): Promise<Ratio[]> {
  const folder = benchFolder();
  try {
    const data = join(folder.path, 'demo-ledger');
    execFileSync(process.execPath, [program, 'demo', '--data', data], { stdio: 'ignore' });
    const bare = ['-e', '0'];
    const commands = [
      { what: '--help', args: ['--help'], atMost: 2.5 },
      { what: '--version', args: ['--version'], atMost: 2.5 },
      {
        what: 'threshold',
        args: ['threshold', '--ladder', 'RAT-N8', '--run', 'OXXOXO', '--last', '1'],
        atMost: 2.5,
      },
      { what: 'studies, demo ledger', args: ['studies', '--data', data], atMost: 8 },
      {
        what: 'show responder-status, demo ledger',
        args: ['show', 'responder-status', '--study', 'KET-01', '--data', data],
        atMost: 8,
      },
    ];
    const times = new Map<object, number[]>([bare, ...commands].map((one) => [one, []]));
    for (let round = 0; round < ROUNDS; round++) {
      times.get(bare)?.push(cpuMs(bare));
      for (const command of commands) times.get(command)?.push(cpuMs([program, ...command.args]));
    }
    const bareMs = median(times.get(bare) ?? []);
    return commands.map((command) => {
      const ours = median(times.get(command) ?? []);
      return {
        what: `study-ledger ${command.what}`,
        against: 'node -e 0',
        ours,
        bare: bareMs,
        unit: 'ms CPU',
        ratio: ours / bareMs,
        bound: { atMost: command.atMost },
      };
    });
  } finally {
    folder.remove();
  }
}

/** User and system time of one run of Node, as bash measures it. */
function cpuMs(args: readonly string[]): number {
  const script = `TIMEFORMAT='%3U %3S'; { time "$@" >/dev/null 2>&1; } 2>&1`;
  const printed = execFileSync('bash', ['-c', script, 'bash', process.execPath, ...args], {
    encoding: 'utf8',
  });
  return printed.split(' ').reduce((sum, seconds) => sum + 1000 * Number(seconds), 0);
}
