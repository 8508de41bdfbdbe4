/** The program of `verify.mjs`; built with its schemas into one file by scripts/build-verifier.js. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyBundle } from '../bundle/verify-bundle.js';
import { readArguments, USAGE, UsageError } from './command-line.js';
import { CheckerPool, serveChunks } from './pool.js';
import { escapeControls } from '../checks/printable.js';
import { reportText } from '../checks/report.js';
import type { Schemas } from '../checks/record.js';

/** The record schemas that this program was built with: below everything, one a line. */
declare function embeddedSchemas(): Schemas;
declare function embeddedVersion(): string;

const NOT_UNDERSTOOD = 3;

async function main(args: readonly string[]): Promise<number> {
  const { folder, json, pins } = readArguments(args, (file) => readFileSync(file, 'utf8'));
  const bundle = folder ?? bundleAround(dirname(fileURLToPath(import.meta.url)));
  if (!existsSync(join(bundle, 'data', 'ledger')) && !existsSync(join(bundle, 'lab', 'checkpoint')))
    throw new UsageError(`${bundle} is not a bundle of Study Ledger (unpack a .zip first)`);
  const schemas = embeddedSchemas();
  const checker = new CheckerPool({ schemas, worker: new URL(import.meta.url) });
  try {
    const report = await verifyBundle(bundle, { schemas, checker, version: embeddedVersion(), ...pins });
    const lines = (json ? JSON.stringify(report, null, 2) : reportText(report)).split('\n');
    process.stdout.write(`${lines.map(escapeControls).join('\n')}\n`);
    return report.exitCode;
  } finally {
    await checker.close();
  }
}

function bundleAround(folder: string): string {
  const bag = join(folder, '..', '..');
  return existsSync(join(bag, 'bagit.txt')) ? bag : folder;
}

if (!serveChunks()) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${escapeControls(error.message)}\n\n${USAGE}\n`);
    process.exitCode = NOT_UNDERSTOOD;
  }
}
