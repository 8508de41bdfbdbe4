import type { Io } from './subcommand.js';
import { explain } from './output/explain.js';
import { buildProgram } from './program.js';

/** Runs one command line (without `node` and the script) to its end and gives the exit code. Keeps no state. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes('--json');
  let exitCode = 0;
  const program = buildProgram(io, { json, exit: (code) => (exitCode = code) });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = explain(error, { command: argv[0] ?? '', json });
    if (failure.text !== '') io.warn(failure.text);
    return failure.exitCode;
  }
}
