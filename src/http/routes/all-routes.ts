import { PAGES } from '../../console/pages.js';
import type { Readers } from '../../lab/people/reading.js';
import { API } from '../../shared/api-prefix.js';
import { IMPORT_ROUTES } from './import-routes.js';
import { LAB_COMMAND_PATH, PEOPLE_ROUTES } from './people-routes.js';
import { SIGNATURE_ROUTES } from './signature-routes.js';
import { READS } from './read-routes.js';
import type { ReadRoute } from './read-route.js';

/** What the server says about itself. */
export const SITE = {
  docs: ownPage('/api', 'This interface, for people', 'signed-in'),
  openapi: ownPage(`${API}/openapi.json`, 'This document', 'signed-in'),
  health: ownPage('/health', 'That the server lives, and which ledger it serves'),
  ready: ownPage('/health/ready', 'Whether the store answers'),
  metrics: ownPage('/metrics', 'Numbers for monitoring, as Prometheus reads them', 'metrics'),
} as const satisfies Record<string, ReadRoute>;

function ownPage(path: string, summary: string, readers: Readers = 'anyone'): ReadRoute {
  return { path, summary, readers, parameters: [], refusals: [] };
}

export const COMMAND_PATH = `${API}/studies/:code/commands/:command`;

/** Every path of the server with the methods that it takes, as an Allow header lists them. */
export const ALLOWED: ReadonlyMap<string, string> = new Map([
  [COMMAND_PATH, 'POST'],
  [LAB_COMMAND_PATH, 'POST'],
  [SIGNATURE_ROUTES.prepare, 'POST'],
  ...[...Object.values(IMPORT_ROUTES), ...Object.values(PEOPLE_ROUTES)].map(
    ({ path, method }) => [path, method] as const,
  ),
  ...[...Object.values<ReadRoute>(READS), ...Object.values(SITE)].map(
    ({ path, body, put }) => [path, `GET, HEAD${body ? ', POST' : ''}${put ? ', PUT' : ''}`] as const,
  ),
  [SIGNATURE_ROUTES.signatures, 'GET, HEAD, POST'],
  ...PAGES.map(
    (page) =>
      [page.path, 'send' in page || 'hasController' in page ? 'GET, HEAD, POST' : 'GET, HEAD'] as const,
  ),
]);

const [ROUTES, PAGE_ROUTES] = [[...ALLOWED.keys()], PAGES.map(({ path }) => path)].map((paths) =>
  paths.map((path) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[a-z]+/g, '[^/]+')}$`)),
) as [RegExp[], RegExp[]];

/** Whether there is such an address; what stands in its variable segments may still not be there. */
export function isAddress(path: string): boolean {
  return ROUTES.some((pattern) => pattern.test(path));
}

/** Whether it is that of a page. */
export function isPage(path: string): boolean {
  return PAGE_ROUTES.some((pattern) => pattern.test(path));
}
