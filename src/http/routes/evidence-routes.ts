import type { Readers } from '../../lab/people/reading.js';
import type { ProblemCode } from '../platform/problems.js';

const UNSIGNED: readonly ProblemCode[] = ['signing-unavailable', 'store-behind-mark', 'store-inconsistent'];
const NOTE = 'text/plain; charset=utf-8';

/** The reads of the evidence of one log: a study's, the lab's, or the access log's. */
export function evidence<const P extends string>(log: P, readers: Readers, unknown: readonly ProblemCode[]) {
  return {
    checkpoint: {
      path: `${log}/checkpoint`,
      summary: 'The signed tree head: a C2SP tlog-checkpoint',
      readers,
      parameters: ['atLeast'],
      text: [NOTE],
      refusals: [...unknown, ...UNSIGNED],
    },
    proof: {
      path: `${log}/records/:number/proof`,
      summary: 'That a record is in the log: a C2SP tlog-proof under the signed tree head',
      readers,
      parameters: ['atLeast'],
      text: [NOTE],
      refusals: [...unknown, ...UNSIGNED, 'record-unknown'],
    },
    consistency: {
      path: `${log}/consistency`,
      summary: 'That a tree begins with all of a smaller one: an RFC 6962 consistency proof',
      readers,
      parameters: ['from', 'to', 'atLeast'],
      about: { from: 'The smaller tree size; 1 where left out.' },
      refusals: [...unknown, 'consistency-range'],
    },
  } as const;
}
