import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before the first suite: the seed of the run, and one folder for every temporary file of its suites. */
export default function startRun() {
  process.env.SEED ??= String(Math.floor(Math.random() * 0x7fffffff));
  process.stdout.write(`\nSEED=${process.env.SEED} repeats what this run draws at random\n`);
  process.env.TMPDIR = process.env.TEST_RUN_FOLDER = mkdtempSync(join(tmpdir(), 'study-ledger-'));
}
