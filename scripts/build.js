// Makes dist/ from src/: each file by itself, its types taken off. `npm run typecheck` checks the types; to leave that out
// here makes an installation and `npm run demo` some twenty seconds shorter.
import { transform } from '@swc/core';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const [src, dist] = ['src', 'dist'].map((name) => fileURLToPath(new URL(`../${name}`, import.meta.url)));

const options = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
  sourceMaps: true,
};

/** The files that one source becomes: its code and the map to the source; SQL as it is. */
async function build(name) {
  const [from, to] = [join(src, name), join(dist, name)];
  mkdirSync(dirname(to), { recursive: true });
  if (!name.endsWith('.ts')) {
    copyFileSync(from, to);
    return [name];
  }
  const { code, map } = await transform(readFileSync(from, 'utf8'), {
    ...options,
    filename: from,
    sourceFileName: relative(dirname(to), from),
  });
  const out = name.replace(/\.ts$/, '.js');
  writeFileSync(join(dist, out), `${code}//# sourceMappingURL=${basename(out)}.map\n`);
  writeFileSync(join(dist, `${out}.map`), map);
  return [out, `${out}.map`];
}

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(ts|sql)$/.test(name),
);
const made = new Set((await Promise.all(sources.map(build))).flat());
// What became of sources that are gone.
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const name = path.slice(dist.length + 1);
  if (entry.isFile() && !made.has(name) && name !== 'verify.mjs') rmSync(path);
}
