// Makes dist/ from src/: each file by itself, its types taken off. `npm run typecheck` checks the types; to leave that out
// here makes an installation and `npm run demo` some twenty seconds shorter. What runs in a browser is bundled.
// Usage: node scripts/build.js [folder, dist/ where left out]
import { transform } from '@swc/core';
import { build as bundle } from 'esbuild';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);
const checkout = join(dirname(file), '..');
const src = join(checkout, 'src');
// `npm run dev` imports this file: then the arguments are those of another program.
const dist = resolve((process.argv[1] === file && process.argv[2]) || join(checkout, 'dist'));

const options = {
  jsc: {
    target: 'es2023',
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
  },
  module: { type: 'es6' },
  sourceMaps: true,
};

/** The files that one source becomes: its code and the map to the source; SQL, style sheets and pictures as they are. */
async function build(name) {
  const [from, to] = [join(src, name), join(dist, name)];
  mkdirSync(dirname(to), { recursive: true });
  if (!/\.tsx?$/.test(name)) {
    copyFileSync(from, to);
    return [name];
  }
  const { code, map } = await transform(readFileSync(from, 'utf8'), {
    ...options,
    jsc: {
      ...options.jsc,
      parser: { syntax: 'typescript', decorators: true, tsx: name.endsWith('.tsx') },
    },
    filename: from,
    sourceFileName: relative(dirname(to), from),
  });
  const out = name.replace(/\.tsx?$/, '.js');
  writeFileSync(join(dist, out), `${code}//# sourceMappingURL=${basename(out)}.map\n`);
  writeFileSync(join(dist, `${out}.map`), map);
  return [out, `${out}.map`];
}

/** The scripts of the pages, one a file of `console/client/`. */
async function bundleClient() {
  const folder = join('console', 'client');
  const entries = readdirSync(join(src, folder)).filter((name) => /\.tsx?$/.test(name));
  const { outputFiles } = await bundle({
    absWorkingDir: checkout,
    entryPoints: entries.map((name) => join(src, folder, name)),
    outdir: join(dist, folder),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  mkdirSync(join(dist, folder), { recursive: true });
  return outputFiles.map(({ path, contents }) => {
    writeFileSync(path, contents);
    return path.slice(dist.length + 1);
  });
}

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(tsx?|sql|css|svg)$/.test(name) && !name.startsWith(join('console', 'client')),
);
const made = new Set((await Promise.all([...sources.map(build), bundleClient()])).flat());
// What became of sources that are gone.
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const name = path.slice(dist.length + 1);
  if (entry.isFile() && !made.has(name) && name !== 'verify.mjs') rmSync(path);
}
