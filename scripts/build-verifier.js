// Makes the verifier as one readable file that needs nothing but Node: dist/verify.mjs, with the schemas of the build,
// or a file of another name, with schemas from another file (node scripts/build-verifier.js FILE SCHEMAS).
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [out = at('dist/verify.mjs'), schemaFile] = process.argv.slice(2);
const allSchemas = schemaFile
  ? JSON.parse(readFileSync(schemaFile, 'utf8'))
  : (await import('../dist/verify/folder/record-schemas.js')).allSchemas();
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

const banner = `#!/usr/bin/env node
/*
 * verify.mjs: checks an audit bundle of Study Ledger ${version} with neither database nor network.
 *
 * Made from src/verify, src/tlog, src/webauthn and src/rfc3161 by esbuild, not minified: it is meant to be read. It needs Node 20.12 or later and
 * nothing else. Whoever gave you the bundle could have changed this file too: take it from a release you trust, or do
 * the same checks with openssl, sha256sum and jq as VERIFY.md says. Licence: Apache-2.0.
 */
import * as cryptoOfThisNode from "node:crypto";
if (typeof cryptoOfThisNode.hash !== "function") {
  process.stderr.write(\`verify.mjs needs Node 20.12 or later; this is Node \${process.versions.node}.\\n\`);
  process.exit(3);
}
`;

const { outputFiles, metafile } = await build({
  entryPoints: [at('src/verify/runtime/main.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  write: false,
  metafile: true,
  absWorkingDir: at(''),
  outfile: out,
});
for (const path of Object.keys(metafile.inputs))
  if (!/^src\/(verify|tlog|webauthn|rfc3161)\//.test(path))
    throw new Error(`verify.mjs would contain ${path}`);
for (const { path } of Object.values(metafile.outputs).flatMap(({ imports }) => imports))
  if (!path.startsWith('node:')) throw new Error(`verify.mjs would need ${path}`);

const schemas = Object.entries(allSchemas).map(
  ([name, schema]) => `    ${JSON.stringify(name)}: ${JSON.stringify(schema)},`,
);
// A function that an older Node lacks would be a SyntaxError if it were imported by name.
let count = 0;
const code = outputFiles[0].text.replace(
  /^import \{([^}]*)\} from ("node:[^"]+");$/gm,
  (_, names, module) => {
    const all = `node${++count}`;
    return `import * as ${all} from ${module};\nconst {${names.replaceAll(' as ', ': ')}} = ${all};`;
  },
);

const footer = `
function embeddedVersion() {
  return ${JSON.stringify(version)};
}

// The JSON Schema of every record type and version, one a line.
function embeddedSchemas() {
  return {
${schemas.join('\n')}
  };
}
`;
writeFileSync(out, `${banner}\n${code}${footer}`, { mode: 0o755 });
