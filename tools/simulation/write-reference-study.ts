import { referenceStudy } from './reference-study.js';

/** Prints the simulated reference study as a play file: one command a line. */
console.log(
  referenceStudy()
    .map((line) => JSON.stringify(line))
    .join('\n'),
);
