import { readProtocolFile } from '../../src/cli/protocol-file.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { PROTOCOL_FILE, mouseStudy } from './mouse/mouse-study.js';

/** Prints the simulated study of mice as a play file: one command a line. Its protocol is read from `examples/`. */
console.log(
  mouseStudy(readProtocolFile(`examples/${PROTOCOL_FILE}`) as ProtocolInput)
    .map((line) => JSON.stringify(line))
    .join('\n'),
);
