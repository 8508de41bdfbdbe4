import fc from 'fast-check';
import { openApiDocument } from '../../../src/http/openapi/openapi.js';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { PROJECTIONS } from '../../../src/study/projections/catalogue.js';
import { exampleOf, fire, serving, type Reply, type Serving } from '../test-server.js';

/** Requests under way at once. */
export const BATCH = 25;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Records #0 to #3: registered, approved, R01 enrolled, its electrode implanted. */
export async function prepared(): Promise<Serving> {
  const server = await serving();
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject', 'ImplantElectrode']) {
    await server.send(name, exampleOf(name));
  }
  return server;
}

interface Responses {
  readonly [status: string]: { readonly $ref?: string; readonly content?: Readonly<Record<string, Content>> };
}
interface Content {
  readonly schema: { readonly properties?: { readonly code: { readonly enum: readonly string[] } } };
}

/** Codes that the document names, by route of the command and status. */
const documented = new Map<string, ReadonlySet<string>>();
const { paths, components } = openApiDocument() as unknown as {
  paths: Readonly<Record<string, { readonly post: { readonly responses: Responses } }>>;
  components: { readonly responses: Responses };
};
for (const { name } of CATALOGUE) {
  const { responses } = paths[`/api/v1/studies/{code}/commands/${routeOf(name)}`]?.post ?? { responses: {} };
  for (const [status, response] of Object.entries(responses)) {
    const shared = /\/(\w+)$/.exec(response.$ref ?? '')?.[1];
    const { content } = (shared === undefined ? response : components.responses[shared]) ?? {};
    const codes = content?.['application/problem+json']?.schema.properties?.code.enum ?? [];
    documented.set(`${routeOf(name)} ${status}`, new Set(codes));
  }
}

/** No 5xx; every “no” is a problem document, and one that the OpenAPI document announces. */
export function check(what: string, { status, headers, text }: Reply, route?: string): void {
  if (status >= 500) throw new Error(`${what} → ${status}`);
  if (status < 400) return;
  if (headers['content-type'] !== 'application/problem+json') throw new Error(`${what} → ${status} ${text}`);
  if (text === '') return;
  const problem = JSON.parse(text) as { code: string; status: number; detail: string };
  if (problem.status !== status || problem.detail === '') throw new Error(`${what} → ${text}`);
  if (route !== undefined && !documented.get(`${route} ${status}`)?.has(problem.code)) {
    throw new Error(`${what} → ${problem.code} (${status}) is not in the document: ${text}`);
  }
}

/** What was recorded can be read: every projection, at sizes over the whole length. */
export async function everythingReads({ port, get }: Serving): Promise<void> {
  const { body } = await get('/api/v1/studies/KET-01');
  const { treeSize } = body as { treeSize: number };
  for (let size = 0; size <= treeSize; size += Math.max(1, Math.floor(treeSize / 8))) {
    for (const { name } of PROJECTIONS) {
      const path = `/api/v1/studies/KET-01/projections/${name}?at=${size}`;
      check(path, await fire(port, 'GET', path));
    }
  }
  const others = ['/records?limit=1000', '?until=2026-03-02T09:15:00Z', '/projections/welfare?subject=R01'];
  for (const path of ['/api/v1/studies', ...others.map((rest) => `/api/v1/studies/KET-01${rest}`)]) {
    const reply = await fire(port, 'GET', path);
    check(path, reply);
  }
}

/** Texts that have broken something somewhere. */
export const words = fc.constantFrom(
  '',
  ' ',
  ...'R01 R02 g kg ug 0 1 -1 243.70 1e9 NaN left X O ? 2 4 __proto__ constructor toString'.split(' '),
  ...'2026-03-02T09:15:00Z 0000-01-01T00:00:00Z 9999-12-31T23:59:59.999+23:59 2026-02-30T00:00:00Z'.split(
    ' ',
  ),
  ...'\u0000 \u007f \ud800 e\u0301 \u{1f400} a\nb'.split(' '),
  'x'.repeat(5000),
);
