import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What may be in the archive: what runs, the inputs of demo and README, templates of protocols, and what a licence asks for. */
const BELONGS =
  /^(dist\/.+\.(js|mjs|sql|css|svg)|examples\/.+|templates\/.+\.jsonc|package\.json|README\.md|LICENSE|NOTICE)$/;

const checkout = fileURLToPath(new URL('../..', import.meta.url));

describe('npm pack', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);

  it('holds what runs and nothing else', () => {
    expect(paths.filter((path) => !BELONGS.test(path))).toEqual([]);
  });

  it('holds every built file but the maps to the sources', () => {
    const built = readdirSync(`${checkout}/dist`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(checkout.length).replace(/^\//, ''));
    expect(paths).toEqual(expect.arrayContaining(built));
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
        'templates/mouse-sni.jsonc',
        'package.json',
        'LICENSE',
        'NOTICE',
      ]),
    );
  });
});
