import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { verifier } from './real-ledger.js';

const textOf = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** A checker that cannot be read in an hour convinces nobody. */
describe('the tour of the verifier', () => {
  const tour = textOf('docs/verifier-tour.md');

  it('has a core of no more than 400 lines, blank ones and comments apart', () => {
    const core = [...tour.split('## The checks')[0]!.matchAll(/`(src\/[\w/-]+\.ts)`/g)].map(
      ([, path]) => path!,
    );
    const lines = core.flatMap((path) =>
      textOf(path)
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/\*|\*|$)/.test(line)),
    );
    expect(core.length).toBeGreaterThan(4);
    expect(lines.length).toBeGreaterThan(200);
    expect(lines.length).toBeLessThanOrEqual(400);
  });

  it('names every file that verify.mjs is made of, and none that makes or signs a proof is one', () => {
    const files = [...verifier().matchAll(/^\/\/ (src\/\S+\.ts)$/gm)].map(([, path]) => path!);
    expect(files).toContain('src/tlog/merkle.ts');
    expect(files).not.toContain('src/tlog/sign.ts');
    expect(files).not.toContain('src/tlog/tree.ts');
    expect(files.filter((path) => !tour.includes(`${path.split('/').at(-1)}\``))).toEqual([]);
  });
});
