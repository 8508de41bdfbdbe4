import fc from 'fast-check';
import { BATCH, check, prepared } from './fuzzing.js';
import { fire, stopIdleClients, type Serving } from '../test-server.js';
import { runs } from '../../support/effort.js';

let server: Serving;
beforeEach(async () => {
  server = await prepared();
});
afterEach(async () => {
  stopIdleClients();
  await server.close();
});

/** As a list of words: `''` is one of them. */
const list = (text: string): string[] => text.split(' ');

it('no path, method or query gives a 5xx', async () => {
  const escape = fc.constantFrom(
    '',
    ...list('%00 %2f %2F.. %zz % %ff %F0%9F%90%80 .. . + %20 ;a=b @ * :code {x}'),
  );
  const text = fc.string({ maxLength: 8 }).map(onTheLine);
  const known = list(
    'studies KET-01 commands records projections welfare audit-trail next-filament apply-scs 0 3 99',
  );
  const segment = fc.oneof(
    fc.constantFrom(...known, ...list('docs health ready openapi.json')),
    escape,
    text,
  );
  const names = list('at until subject from limit actor type flag since before touches __proto__ at[]');
  const values = [
    ...list('0 1 4 5 -1 1e3 00 9007199254740993 R01 ThresholdRecorded late'),
    ...list('2026-03-02T09:15:00Z 9999-12-31T23:59:59Z 0000-01-01T00:00:00+23:59'),
    ...list('2:O,4:X 2:? 15:O 0.4:X,0.4:X 2:O,2:O,15:X,0.4:O'),
  ];
  const pair = fc.tuple(
    fc.oneof(fc.constantFrom('', ...names), escape),
    fc.oneof(fc.constantFrom(...values), escape, text),
  );
  const places = ['', '/projections', '/projections/welfare', '/records', '/records/3', '/next-filament'];
  const request = fc.record({
    method: fc.constantFrom(...list('GET GET GET GET GET HEAD POST PUT DELETE OPTIONS PATCH TRACE SEARCH')),
    path: fc.oneof(
      fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
      fc.constantFrom(...places).map((rest) => `/api/v1/studies/KET-01${rest}`),
    ),
    query: fc
      .array(pair, { maxLength: 3 })
      .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
    tag: fc.option(fc.constantFrom('"4"', '*', 'x', '"', 'W/"4",,"5"')),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
      await Promise.all(
        requests.map(async ({ method, path, query, tag }) => {
          const url = query === '' ? path : `${path}?${query}`;
          const headers = {
            ...(tag !== null && { 'If-None-Match': tag }),
            ...(method === 'POST' && { 'Content-Type': 'application/json' }),
          };
          check(`${method} ${url}`, await fire(server.port, method, url, { headers }));
        }),
      );
    }),
    runs(80),
  );
});

/** What no client could put on a request line is escaped, the rest left as it is. */
function onTheLine(text: string): string {
  return text.replace(/[^!-"$->@-~]/g, (character) => encodeURIComponent(character));
}
