import { ioOf, type Host } from './subcommand.js';
import { explain } from './output/explain.js';
import { buildProgram } from './program.js';

/** Runs one command line (without `node` and the script) to its end and gives the exit code. Keeps no state. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const io = ioOf(host);
  const json = argv.includes('--json');
  let exitCode = 0;
  const program = buildProgram(io, { json, exit: (code) => (exitCode = code) });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failure = explain(error, { command: argv[0] ?? '', json });
    if (failure.lines.length > 0) io.warn(...failure.lines);
    return failure.exitCode;
  }
}
