import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packages of hundreds of small files each, which Jest would find, compile and link anew for every suite. */
const PACKAGES = [
  'typebox',
  'class-validator/cjs/decorator/common/ValidateNested.js',
  'class-validator/cjs/register-decorator.js',
  'class-validator/cjs/validation/Validator.js',
  'ajv',
  'ajv/dist/2019.js',
  'ajv/dist/2020.js',
  'rxjs',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/cqrs',
  '@nestjs/platform-express',
];

/**
 * Bundles the packages, once for each state of the lock file. They share what they have in common, so that a class is
 * the same class whichever of them it is imported from.
 *
 * @returns entries for Jest's `moduleNameMapper`
 */
export async function bundlePackages() {
  const hash = createHash('sha256').update(process.version);
  for (const file of [`${root}package-lock.json`, fileURLToPath(import.meta.url)])
    hash.update(readFileSync(file));
  const folder = `${root}.test-packages/${hash.digest('hex').slice(0, 16)}`;
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}`;
    await bundleInto(part);
    if (!existsSync(folder)) renameSync(part, folder);
  }
  return Object.fromEntries(
    PACKAGES.map((name) => [`^${name.replaceAll('.', '\\.')}$`, `${folder}/${fileOf(name)}.mjs`]),
  );
}

function fileOf(name) {
  return name.replaceAll(/\W+/g, '-');
}

function bundleInto(outdir) {
  return build({
    entryPoints: Object.fromEntries(PACKAGES.map((name) => [fileOf(name), `entry:${name}`])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    minifyWhitespace: true,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    plugins: [{ name: 'packages', setup: resolvePackages }],
  });
}

function resolvePackages(bundler) {
  bundler.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'entry' }));
  // A package in CommonJS has its names only when it runs.
  bundler.onLoad({ filter: /./, namespace: 'entry' }, async ({ path }) => {
    const names = Object.keys(await import(path)).filter((name) => name !== 'module.exports');
    return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: root };
  });
  // What a package would take if it were installed stays an import. `reflect-metadata` is one for the whole program.
  bundler.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === 'asked' || from.kind === 'entry-point') return undefined;
    const found = await bundler.resolve(path, { ...from, pluginData: 'asked' });
    return found.errors.length > 0 || path === 'reflect-metadata' ? { path, external: true } : found;
  });
}
