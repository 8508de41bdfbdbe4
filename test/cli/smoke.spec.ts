import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledSources } from '../support/compiled.js';
import { studyLedger } from '../support/cli.js';

/** A line of a shell, in which `study-ledger` is the program. */
function shell(line: string) {
  const program = `study-ledger() { "${process.execPath}" "${join(compiledSources(), 'cli.js')}" "$@"; }`;
  return spawnSync('bash', ['-c', `${program}\n${line}`], { encoding: 'utf8' });
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('study-ledger as a process', () => {
  it('prints its version', () => {
    expect(shell('study-ledger --version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ['study-ledger threshold --ladder RAT-N8 --run OXXOXO --last 1', 0],
    ['study-ledger studies --data /nonexistent', 1],
    ['study-ledger nonsense', 2],
    ['study-ledger verify --json', 3],
  ])('hands the shell the exit code: %s', (line, status) => {
    expect(shell(line)).toMatchObject({ status });
  });

  it('ends with 0 when its reader closes the pipe', () => {
    expect(shell('study-ledger schemas | head -c 1; echo " ${PIPESTATUS[0]}"')).toMatchObject({
      stdout: '{ 0\n',
      stderr: '',
    });
  });
});

describe('run', () => {
  it('keeps nothing between command lines, even of those that run at the same time', async () => {
    const lines = [['threshold', '--ladder', 'RAT-N8', '--run', 'OX'], ['nonsense', '--json'], ['--version']];
    const alone = [];
    for (const line of lines) alone.push(await studyLedger(...line));
    expect(await Promise.all(lines.map((line) => studyLedger(...line)))).toEqual(alone);
    expect(alone.map(({ code }) => code)).toEqual([0, 2, 0]);
    expect(process.exitCode).toBeUndefined();
  });
});
