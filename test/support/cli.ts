import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host } from '../../src/cli/subcommand.js';
import { run } from '../../src/cli/run.js';
import { freshFolder } from './folders.js';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, as a person would run it, to its end. */
export function studyLedger(...args: string[]): Promise<Run> {
  return runWith({}, ...args);
}

/** The same with another environment, or another end. */
export async function runWith(given: Partial<Host>, ...args: string[]): Promise<Run> {
  let [out, err] = ['', ''];
  const host: Host = {
    program: 'study-ledger',
    print: (text) => void (out += `${text}\n`),
    warn: (text) => void (err += `${text}\n`),
    write: async (text) => void (out += text),
    env: {},
    verifier: bundledVerifier(),
    stopped: async () => undefined,
    ...given,
  };
  const code = await run(args, host);
  return { code, out, err };
}

let written: URL | undefined;

/** What stands for verify.mjs in a bundle: nothing here runs it. */
function bundledVerifier(): URL {
  if (written) return written;
  const file = join(freshFolder('verifier'), 'verify.mjs');
  writeFileSync(file, '// as built\n');
  return (written = pathToFileURL(file));
}
