import { transformSync } from '@swc/core';
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onceARun } from './once.js';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** The sources as plain JavaScript, for a second process: that cannot read TypeScript, and `dist` may be old. */
export function compiledSources(): string {
  return join(onceARun('compiled', compileInto), 'dist');
}

/** A program of the sources that runs in a thread. */
export function compiledProgram(path: string): URL {
  const file = join(compiledSources(), path);
  if (!existsSync(file)) throw new Error(`There is no ${path} among the sources.`);
  return pathToFileURL(file);
}

function compileInto(out: string): void {
  for (const name of readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' })) {
    const [from, to] = [join(checkout, 'src', name), join(out, 'dist', name)];
    mkdirSync(dirname(to), { recursive: true });
    if (/\.tsx?$/.test(name))
      writeFileSync(to.replace(/\.tsx?$/, '.js'), javaScript(readFileSync(from, 'utf8'), name.endsWith('x')));
    else if (/\.(sql|css|svg)$/.test(name)) copyFileSync(from, to);
  }
  bundleClient(join(out, 'dist'));
  for (const name of ['node_modules', 'examples', 'package.json'])
    symlinkSync(join(checkout, name), join(out, name));
  makeVerifier(out);
}

/** The scripts of the pages, as `scripts/build.js` makes them. */
function bundleClient(dist: string): void {
  const folder = join('console', 'client');
  const entries = readdirSync(join(checkout, 'src', folder)).filter((name) => /\.tsx?$/.test(name));
  buildSync({
    absWorkingDir: checkout,
    entryPoints: entries.map((name) => join(checkout, 'src', folder, name)),
    outdir: join(dist, folder),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
}

/** The one-file verifier, which an export puts into its bundle, with the schemas of these sources. */
function makeVerifier(out: string): void {
  const schemas = join(out, 'schemas.json');
  writeFileSync(schemas, execFileSync(process.execPath, [join(out, 'dist', 'cli.js'), 'schemas']));
  const script = join(checkout, 'scripts', 'build-verifier.js');
  execFileSync(process.execPath, [script, join(out, 'dist', 'verify.mjs'), schemas]);
}

function javaScript(source: string, tsx: boolean): string {
  return transformSync(source, {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
    module: { type: 'es6' },
  }).code;
}
