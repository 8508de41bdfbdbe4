import { CATALOGUE, routeOf } from '../study/catalogue.js';
import type { CommandDefinition } from '../study/commands/command.js';
import type { ParameterName } from './parameters.js';

/** A read: where it is, what it answers, and which query parameters it takes. */
export interface Read {
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly ParameterName[];
  /** Refusals beside those of the parameters themselves. */
  readonly refusals: readonly string[];
}

const AS_OF = ['at', 'until'] as const;
const AS_OF_REFUSALS = ['study-unknown', 'at-invalid', 'at-beyond-head', 'until-invalid'];

/** Every read of the ledger; controllers, the OpenAPI document and the page read this list. */
export const READS = {
  studies: {
    path: '/studies',
    summary: 'Every study of this ledger, with how far it is',
    parameters: [],
    refusals: [],
  },
  study: {
    path: '/studies/:code',
    summary: 'One study: what it is, how far it is, under which protocol',
    parameters: AS_OF,
    refusals: AS_OF_REFUSALS,
  },
  projections: {
    path: '/studies/:code/projections',
    summary: 'The projections there are, by name',
    parameters: AS_OF,
    refusals: AS_OF_REFUSALS,
  },
  projection: {
    path: '/studies/:code/projections/:name',
    summary: 'A projection: an answer computed from the records up to a tree size and from nothing else',
    parameters: [...AS_OF, 'subject'],
    refusals: [...AS_OF_REFUSALS, 'projection-unknown', 'subject-unknown'],
  },
  records: {
    path: '/studies/:code/records',
    summary: 'Records as they were stored, in record order, a page at a time',
    parameters: ['from', 'limit', 'actor', 'subject', 'type', 'flag', 'since', 'before', ...AS_OF],
    refusals: AS_OF_REFUSALS,
  },
  record: {
    path: '/studies/:code/records/:number',
    summary: 'One record, with what corrected, withdrew or acknowledged it',
    parameters: AS_OF,
    refusals: [...AS_OF_REFUSALS, 'record-unknown'],
  },
  nextFilament: {
    path: '/studies/:code/next-filament',
    summary: 'The filament to apply next in a run under way, and the threshold so far',
    parameters: ['touches'],
    refusals: [
      'study-unknown',
      'no-protocol',
      'touches-invalid',
      'filament-not-in-ladder',
      'run-leaves-ladder',
    ],
  },
} as const satisfies Record<string, Read>;

export const SITE = {
  home: '/',
  docs: '/docs',
  style: '/docs.css',
  openapi: '/openapi.json',
  health: '/health',
  ready: '/health/ready',
} as const;

export const COMMAND_PATH = '/studies/:code/commands/:command';

const byRoute = new Map(CATALOGUE.map((definition) => [routeOf(definition.name), definition]));

export function commandAt(route: string): CommandDefinition | undefined {
  return byRoute.get(route);
}

const site = new Set<string>(Object.values(SITE));
const reads = Object.values(READS).map(({ path }) => asExpression(path));
const commands = asExpression(COMMAND_PATH);

/**
 * The methods that a path takes, as an Allow header lists them; undefined where there is no such path. Exact: letters in
 * the other case or a slash too many are another address, so that each answer has one.
 */
export function allowedAt(path: string): string | undefined {
  if (commands.test(path)) return 'POST';
  if (site.has(path) || reads.some((expression) => expression.test(path))) return 'GET, HEAD';
  return undefined;
}

function asExpression(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
}
