import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshFolder } from '../support/folders.js';
import { compiledSources } from '../support/compiled.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

interface Example {
  readonly line: string;
  readonly exit: number;
  readonly shown: string[];
}

/** The lines of the console blocks that begin with `$`, each with the output that the README shows under it. */
function examples(): Example[] {
  const found: Example[] = [];
  for (const [, block = ''] of readme.matchAll(/```console\n([\s\S]*?)```/g)) {
    for (const text of block.trimEnd().split('\n')) {
      if (!text.startsWith('$ ')) found.at(-1)?.shown.push(text.trim());
      else found.push({ line: text.slice(2), exit: text.endsWith('# exits 1') ? 1 : 0, shown: [] });
    }
  }
  return found.filter(({ line }) => !line.startsWith('npm '));
}

describe('README', () => {
  it('prints what it says it prints', () => {
    const cwd = freshFolder('readme');
    symlinkSync(fileURLToPath(new URL('../../examples', import.meta.url)), join(cwd, 'examples'));
    const cli = `${process.execPath} ${join(compiledSources(), 'cli.js')}`;
    const run = (line: string) =>
      spawnSync('bash', ['-c', line.replace(/^node dist\/cli\.js/, cli)], { cwd, encoding: 'utf8' });
    expect(run('node dist/cli.js demo')).toMatchObject({ status: 0, stderr: '' });
    expect(examples().length).toBeGreaterThan(10);
    for (const { line, exit, shown } of examples()) {
      const { status, stdout, stderr } = run(line);
      expect({ line, status, stderr }).toEqual({ line, status: exit, stderr: '' });
      for (const text of shown) expect(stdout).toContain(text);
    }
  });
});
