import { referenceStudy } from './reference-study.js';

/** Prints the simulated reference study as a play file: one command a line. */
process.stdout.write(
  referenceStudy()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);
