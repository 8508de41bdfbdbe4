import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What may be in the archive: what runs, the inputs of demo and README, and what a licence asks for. */
const BELONGS =
  /^(dist\/.+\.(js|sql)|dist\/verify\.mjs|examples\/.+|package\.json|README\.md|LICENSE|NOTICE)$/;

describe('npm pack', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);

  it('holds what runs and nothing else', () => {
    expect(paths.filter((path) => !BELONGS.test(path))).toEqual([]);
  });

  it('holds what the program opens while it runs', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/cli.js',
        'dist/main.js',
        'dist/verify.mjs',
        'dist/verify/runtime/chunk-worker.js',
        'dist/exports/render-thread.js',
        'dist/store/sqlite/schema.sql',
        'examples/reference-study.ndjson',
        'examples/import/study.ndjson',
        'package.json',
        'LICENSE',
        'NOTICE',
      ]),
    );
  });
});
