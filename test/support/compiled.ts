import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  execFileSync(process.execPath, [join(checkout, 'scripts', 'build.js'), join(out, 'dist')]);
  for (const name of ['node_modules', 'examples', 'templates', 'package.json'])
    symlinkSync(join(checkout, name), join(out, name));
  makeVerifier(out);
}

/** The one-file verifier, which an export puts into its bundle, with the schemas of these sources. */
function makeVerifier(out: string): void {
  const schemas = join(out, 'schemas.json');
  writeFileSync(schemas, execFileSync(process.execPath, [join(out, 'dist', 'cli.js'), 'schemas']));
  const script = join(checkout, 'scripts', 'build-verifier.js');
  execFileSync(process.execPath, [script, join(out, 'dist', 'verify.mjs'), schemas]);
}
