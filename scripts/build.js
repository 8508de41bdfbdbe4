// Makes dist/ from src/: each file by itself, its types taken off. `npm run typecheck` checks the types; to leave that out
// here makes an installation and `npm run demo` some twenty seconds shorter. What runs in a browser is bundled.
// Usage: node scripts/build.js [folder, dist/ where left out]
import { minify, transform } from '@swc/core';
import { build as bundle } from 'esbuild';
import { createHash } from 'node:crypto';
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

const client = join('console', 'client');
const forBrowsers = {
  absWorkingDir: checkout,
  outdir: join(dist, client),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  write: false,
};

/**
 * The scripts of the pages, one a file of `console/client/`. `frame` runs on every page, so what it needs of `lib/` the others
 * take from it: it is loaded once, and has one state. It exports the names that they take, and no other. What several others need
 * is a file of its own.
 */
async function bundleClient() {
  const names = readdirSync(join(src, client)).filter((name) => /\.tsx?$/.test(name));
  const others = names.filter((name) => name !== 'frame.ts').map((name) => join(src, client, name));
  const entry = join(src, client, 'frame.ts');
  const { metafile } = await bundle({ ...forBrowsers, entryPoints: [entry], metafile: true });
  const shared = Object.keys(metafile.inputs)
    .map((name) => join(checkout, name))
    .filter((path) => path.startsWith(join(src, client, 'lib')) || path === join(src, 'study/instant.ts'));
  const fromFrame = {
    name: 'from-frame',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\./ }, ({ resolveDir, path }) => {
        const file = join(resolveDir, path).replace(/\.js$/, '.ts');
        return shared.includes(file) ? { path: `frame:${file}`, external: true } : undefined;
      }),
  };
  const { outputFiles } = await bundle({
    ...forBrowsers,
    entryPoints: others,
    plugins: [fromFrame],
    splitting: true,
    chunkNames: 'shared-[hash]',
  });
  const taken = new Set(outputFiles.flatMap(({ text }) => takenFromFrame(text)));
  const frame = await bundle({
    ...forBrowsers,
    stdin: {
      contents: [`import ${JSON.stringify(entry)};`, ...taken].join('\n'),
      resolveDir: checkout,
      sourcefile: 'frame.ts',
    },
  });
  const text = await smaller(frame.outputFiles[0].text);
  // As `src/http/pages/assets.ts` has it.
  const address = `/assets/${createHash('sha256').update(text).digest('hex').slice(0, 16)}/frame.js`;
  const files = [[join(dist, client, 'frame.js'), text]];
  for (const file of outputFiles) {
    const script = file.text
      .replaceAll('"./shared-', '"/assets/shared/shared-')
      .replaceAll(/"frame:[^"]+"/g, JSON.stringify(address));
    files.push([file.path, await smaller(script)]);
  }
  mkdirSync(join(dist, client), { recursive: true });
  return files.map(([path, script]) => {
    writeFileSync(path, script);
    return path.slice(dist.length + 1);
  });
}

/** For each name that a script takes from the frame, the statement that exports it there. */
function takenFromFrame(script) {
  return [...script.matchAll(/import\{([^}]*)\}from"frame:([^"]+)"/g)].flatMap(([, names, file]) =>
    names.split(',').map((name) => `export { ${name.split(' as ')[0]} } from ${JSON.stringify(file)};`),
  );
}

/** What esbuild has put together and made small becomes 4 % smaller. */
async function smaller(script) {
  return (await minify(script, { module: true, compress: { passes: 3 }, mangle: true })).code;
}

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(tsx?|sql|css|svg)$/.test(name) && !name.startsWith(client),
);
const made = new Set((await Promise.all([...sources.map(build), bundleClient()])).flat());
// What became of sources that are gone.
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const name = path.slice(dist.length + 1);
  if (entry.isFile() && !made.has(name) && name !== 'verify.mjs') rmSync(path);
}
