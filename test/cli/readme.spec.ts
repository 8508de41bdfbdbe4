import { readFileSync } from 'node:fs';
import { freshFolder, studyLedger } from '../support/compiled.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** `$ npx study-ledger …` lines of the console blocks, each with the output that the README shows under it. */
function examples(): { args: string[]; shown: string[] }[] {
  const found: { args: string[]; shown: string[] }[] = [];
  for (const [, block = ''] of readme.matchAll(/```console\n([\s\S]*?)```/g)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ npx study-ledger ')) found.push({ args: line.slice(19).split(' '), shown: [] });
      else if (!line.startsWith('$')) found.at(-1)?.shown.push(line);
    }
  }
  return found;
}

describe('README', () => {
  it('prints what it says it prints', async () => {
    const folder = freshFolder('readme');
    const demo = await studyLedger('demo', '--data', folder);
    expect(demo).toMatchObject({ code: 0, err: '' });
    expect(examples().length).toBeGreaterThan(6);
    for (const { args, shown } of examples()) {
      const { code, out, err } = await studyLedger(
        ...args.map((arg) => (arg === 'demo-ledger' ? folder : arg)),
      );
      expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
      for (const line of shown) expect(out).toContain(line.trim());
    }
  });
});
