import { groupedBy } from '../../study/grouped-by.js';
import {
  ANYWHERE,
  ANY_COMMAND,
  OF_CALLERS,
  PROBLEM_JSON,
  meaningOf,
  statusOf,
  type ProblemCode,
} from '../platform/problems.js';
import { reference, type Schema } from './openapi-schemas.js';

type ByStatus = ReadonlyMap<number, readonly ProblemCode[]>;

function byStatus(codes: Iterable<ProblemCode>): ByStatus {
  return groupedBy([...new Set(codes)].sort(), statusOf);
}

/** The responses that many operations share, named once. */
const SHARED: readonly { readonly name: string; readonly codes: ByStatus }[] = [
  { name: 'Any', codes: byStatus(ANYWHERE) },
  { name: 'AnyRead', codes: byStatus([...ANYWHERE, ...OF_CALLERS]) },
  { name: 'AnyCommand', codes: byStatus([...ANYWHERE, ...ANY_COMMAND]) },
];

export function sharedResponses(): Record<string, Schema> {
  return Object.fromEntries(
    SHARED.flatMap(({ name, codes }) =>
      [...codes].map(([status, list]) => [`${name}${status}`, problemResponse(status, list)] as const),
    ),
  );
}

/** The responses for refusals, one a status, each with the codes that it may have. */
export function problemResponses(codes: Iterable<ProblemCode>): Record<string, Schema> {
  return Object.fromEntries(
    [...byStatus(codes)].map(([status, list]) => {
      const shared = SHARED.find((some) => some.codes.get(status)?.join() === list.join());
      const response = shared
        ? { $ref: `#/components/responses/${shared.name}${status}` }
        : problemResponse(status, list);
      return [String(status), response];
    }),
  );
}

function problemResponse(status: number, codes: readonly ProblemCode[]): Schema {
  const retry = {
    'Retry-After': { description: 'Seconds to wait.', schema: { type: 'string' }, example: '2' },
  };
  return {
    description: codes.map((code) => `- \`${code}\`: ${meaningOf(code)}`).join('\n'),
    ...([429, 503, 507].includes(status) && { headers: retry }),
    content: {
      [PROBLEM_JSON]: {
        schema: { ...reference('Problem'), properties: { code: { enum: codes }, status: { const: status } } },
      },
    },
  };
}
