import fc from 'fast-check';
import { openApiDocument } from '../../src/http/openapi.js';
import { CATALOGUE, routeOf } from '../../src/study/catalogue.js';
import { PROJECTIONS } from '../../src/study/projections/catalogue.js';
import {
  START,
  commandPath,
  exampleOf,
  fire,
  serving,
  stopIdleClients,
  type Reply,
  type Serving,
} from './support.js';

/** More runs than the suite has time for: FUZZ=20 npm test -- test/http/fuzz */
const EFFORT = Number(process.env['FUZZ'] ?? 1);
const BATCH = 25;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

let server: Serving;
const fresh = async (): Promise<void> => {
  server = await serving();
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject', 'ImplantElectrode']) {
    await server.send(name, exampleOf(name));
  }
};
beforeEach(fresh);
afterEach(() => server.close());
afterAll(stopIdleClients);

/** Codes that the document names, by operation and status. */
const documented = new Map<string, ReadonlySet<string>>();
{
  const { paths, components } = openApiDocument() as any; // eslint-disable-line @typescript-eslint/no-explicit-any
  for (const { name } of CATALOGUE) {
    const route = routeOf(name);
    for (const [status, response] of Object.entries<any>(
      paths[`/studies/{code}/commands/${route}`].post.responses,
    )) {
      const shared = /\/(\w+)$/.exec(response.$ref ?? '')?.[1];
      const content = (shared ? components.responses[shared] : response).content as
        Record<string, any> | undefined;
      documented.set(
        `${route} ${status}`,
        new Set(content?.['application/problem+json']?.schema.properties.code.enum),
      );
    }
  }
}

function check(what: string, { status, headers, text }: Reply, route?: string): void {
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

const words = fc.constantFrom(
  ...[
    '',
    ' ',
    'R01',
    'R02',
    'g',
    'kg',
    'ug',
    '0',
    '1',
    '-1',
    '243.70',
    '1e9',
    'NaN',
    'left',
    'X',
    'O',
    '?',
    '2',
    '4',
  ],
  ...[
    '2026-03-02T09:15:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999+23:59',
    '2026-02-30T00:00:00Z',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    '\u007f',
    '\ud800',
    'e\u0301',
    '\u{1f400}',
    'a\nb',
    'x'.repeat(5000),
  ],
);
const numbers = fc.constantFrom(
  0,
  -0,
  1,
  2,
  3,
  4,
  -1,
  0.1,
  57,
  1e21,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
);
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    words,
    fc.string({ unit: 'binary', maxLength: 12 }),
    numbers,
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(words, fc.string({ maxLength: 6 })), tie('value'), { maxKeys: 4 }),
  ),
}));

const changes = fc.array(
  fc.record({
    where: fc.nat(200),
    how: fc.constantFrom('replace', 'remove', 'add', 'rename', 'double', 'wrap'),
    value: anyJson as fc.Arbitrary<Json>,
    key: fc.oneof(
      words,
      fc.constantFrom('data', 'subject', 'reason', 'occurredAt', 'value', 'unit', 'flags', 'target'),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

type Change = { where: number; how: string; value: Json; key: string };

/** The body with something wrong somewhere inside. */
function changed(body: Json, { where, how, value, key }: Change): Json {
  const places: { owner: any; key: string | number }[] = [];
  const visit = (node: Json): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const inner of Object.keys(node)) {
      places.push({ owner: node, key: inner });
      visit((node as Record<string, Json>)[inner] as Json);
    }
  };
  visit(body);
  const place = places[where % Math.max(1, places.length)];
  if (!place) return value;
  const { owner } = place;
  const define = (name: string | number, what: unknown): void =>
    void Object.defineProperty(owner, name, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  const old = owner[place.key] as unknown;
  if (how === 'replace') define(place.key, value);
  else if (how === 'remove') delete owner[place.key];
  else if (how === 'wrap') define(place.key, [old]);
  else if (how === 'double' && Array.isArray(old)) define(place.key, [...old, ...old]);
  else if (how === 'rename') {
    delete owner[place.key];
    if (!Array.isArray(owner)) define(key, old);
  } else if (!Array.isArray(owner)) define(key, value);
  return body;
}

async function everythingReads(): Promise<void> {
  const { body } = await server.get('/studies/KET-01');
  for (let size = 0; size <= body.treeSize; size += Math.max(1, Math.floor(body.treeSize / 8))) {
    for (const { name } of PROJECTIONS) {
      const path = `/studies/KET-01/projections/${name}?at=${size}`;
      check(path, await fire(server.port, 'GET', path));
    }
  }
  for (const path of [
    '/studies',
    '/studies/KET-01/records?limit=1000',
    '/studies/KET-01?until=2026-03-02T09:15:00Z',
  ]) {
    check(path, await fire(server.port, 'GET', path));
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

it('no body of a command gives a 5xx, or a refusal that the document does not name', async () => {
  const request = fc.record({
    definition: fc.constantFrom(...CATALOGUE),
    changes,
    any: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyJson }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
      await Promise.all(
        requests.map(async ({ definition: { name }, changes, any }) => {
          const body = JSON.stringify(any ?? changes.reduce<Json>(changed, exampleOf(name) as Json));
          const path = commandPath(name);
          check(
            `${path} ${body}`,
            await fire(server.port, 'POST', path, { headers: JSON_TYPE, body }),
            routeOf(name),
          );
        }),
      );
    }),
    { numRuns: 60 * EFFORT },
  );
  await everythingReads();
});

it('no path, method or query gives a 5xx', async () => {
  const escape = fc.constantFrom(
    '%00',
    '%2f',
    '%2F..',
    '%zz',
    '%',
    '%ff',
    '%F0%9F%90%80',
    '..',
    '.',
    '',
    '+',
    '%20',
    ';a=b',
    '@',
    '*',
    ':code',
    '{x}',
  );
  const segment = fc.oneof(
    fc.constantFrom(
      'studies',
      'KET-01',
      'commands',
      'records',
      'projections',
      'welfare',
      'audit-trail',
      'next-filament',
      'apply-scs',
      '0',
      '3',
      '99',
      'docs',
      'health',
      'ready',
      'openapi.json',
    ),
    escape,
    fc.string({ maxLength: 8 }).map(encodeURIComponentOrNot),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'at',
      'until',
      'subject',
      'from',
      'limit',
      'actor',
      'type',
      'flag',
      'since',
      'before',
      'touches',
      '__proto__',
      'at[]',
      '',
    ),
    escape,
  );
  const value = fc.oneof(
    fc.constantFrom(
      '0',
      '1',
      '4',
      '5',
      '-1',
      '1e3',
      '00',
      '9007199254740993',
      '2026-03-02T09:15:00Z',
      '9999-12-31T23:59:59Z',
      '0000-01-01T00:00:00+23:59',
      'R01',
      'ThresholdRecorded',
      'late',
      '2:O,4:X',
      '2:?',
      '15:O',
      '0.4:X,0.4:X',
      '2:O,2:O,15:X,0.4:O',
    ),
    escape,
    fc.string({ maxLength: 8 }).map(encodeURIComponentOrNot),
  );
  const request = fc.record({
    method: fc.constantFrom(
      'GET',
      'GET',
      'GET',
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'DELETE',
      'OPTIONS',
      'PATCH',
      'TRACE',
      'SEARCH',
    ),
    path: fc.oneof(
      fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
      fc
        .tuple(
          fc.constantFrom(
            '',
            '/projections',
            '/projections/welfare',
            '/records',
            '/records/3',
            '/next-filament',
          ),
          segment,
        )
        .map(([rest]) => `/studies/KET-01${rest}`),
    ),
    query: fc
      .array(fc.tuple(name, value), { maxLength: 3 })
      .map((pairs) => pairs.map(([key, text]) => `${key}=${text}`).join('&')),
    tag: fc.option(fc.constantFrom('"4"', '*', 'x', '"', 'W/"4",,"5"')),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
      await Promise.all(
        requests.map(async ({ method, path, query, tag }) => {
          const url = query === '' ? path : `${path}?${query}`;
          const headers = {
            ...(tag !== null && { 'If-None-Match': tag }),
            ...(method === 'POST' && JSON_TYPE),
          };
          check(`${method} ${url}`, await fire(server.port, method, url, { headers }));
        }),
      );
    }),
    { numRuns: 60 * EFFORT },
  );
});

/** Characters that no client could put on a request line are escaped, the others left as they are. */
function encodeURIComponentOrNot(text: string): string {
  return text.replace(/[^!-"$->@-~]/g, (character) => encodeURIComponent(character));
}

it('no order of plausible commands, with corrections and voids, gives a 5xx, nor does what they leave behind', async () => {
  const takenBefore = ['RegisterStudy', 'CloseStudy', 'CorrectRecord', 'VoidRecord'];
  const plausible = fc.record({
    definition: fc.constantFrom(...CATALOGUE.filter(({ name }) => !takenBefore.includes(name))),
    subject: fc.constantFrom('R01', 'R01', 'R01', 'R02'),
    minutes: fc.constantFrom(undefined, undefined, 1, 0, -1, -15, -30, -90, -60 * 24 * 3, -60 * 24 * 60),
    target: fc.nat(60),
    touches: fc.array(
      fc.record({
        filament: fc.constantFrom('0.4', '0.6', '1', '2', '4', '6', '8', '15'),
        response: fc.constantFrom('O', 'X', '?'),
      }),
      { minLength: 1, maxLength: 9 },
    ),
    quantity: fc.constantFrom(undefined, undefined, undefined, '0', '0.000000000001', '999999999999', '30'),
    protocol: fc.record({
      ladder: fc.constantFrom('RAT-N8', 'RAT-H8', 'RAT-N9'),
      responder: fc.constantFrom('A', 'B', 'C'),
      metric: fc.constantFrom('fall-log10e4', 'fall-percent', 'grams'),
      limit: fc.constantFrom('0', '0.2', '50', '999999999999'),
      fromDay: fc.constantFrom(0, 14),
      aggregate: fc.constantFrom('mean', 'last'),
      minRuns: fc.constantFrom(1, 2, 100_000),
      censoring: fc.constantFrom(
        { policy: 'exclude' },
        { policy: 'substitute', floorGrams: '0', ceilingGrams: '0.000000000001' },
      ),
    }),
    about: fc.constantFrom('itself', 'itself', 'itself', 'void', 'correct', 'correct'),
  });
  type Step = typeof plausible extends fc.Arbitrary<infer T> ? T : never;
  const time = (offset: number): string => new Date(server.time.ms + offset * 60_000).toISOString();

  async function take(step: Step, recorded: Map<number, string>): Promise<void> {
    const { about, minutes, subject, target } = step;
    const wanted = about === 'itself' ? ['AdministerKetamine', 'ApplySCS'] : undefined;
    const numbers = [...recorded.keys()].filter(
      (number) => wanted?.includes(recorded.get(number) ?? '') ?? true,
    );
    const number = numbers.length === 0 ? target : (numbers[target % numbers.length] as number);
    const stated = about === 'correct' ? (recorded.get(number) ?? '') : step.definition.name;
    const example = exampleOf(stated);
    const text = JSON.stringify(example['data'] ?? {}).replaceAll('57', String(number));
    const data = JSON.parse(text, (key, value: unknown) =>
      key === 'value' && step.quantity !== undefined ? step.quantity : value,
    ) as Record<string, unknown>;
    if ('touches' in data) data['touches'] = step.touches;
    if (stated === 'RecordThreshold' && target % 2 === 0)
      Object.assign(data, { session: number, minute: 15 });
    if (stated === 'ApplySCS' && target % 2 === 0) data['follows'] = number;
    if ('protocol' in data) {
      const { ladder, responder, censoring, aggregate, minRuns, ...rule } = step.protocol;
      const { hypersensitivity } = data['protocol'] as { hypersensitivity: object };
      const judged = { ...hypersensitivity, ...rule };
      const varied = {
        ladder,
        responder,
        censoring,
        baseline: { aggregate, minRuns },
        hypersensitivity: judged,
      };
      Object.assign(data['protocol'] as object, varied);
    }
    const whose = 'subject' in example ? { subject } : {};
    let body: object = {
      ...(minutes !== undefined && { occurredAt: time(minutes) }),
      ...whose,
      reason: 'so',
      data,
    };
    let name = stated;
    if (about === 'void') [name, body] = ['VoidRecord', { reason: 'so', data: { target: { number } } }];
    if (about === 'correct') {
      const corrected = {
        target: { number },
        ...whose,
        occurredAt: new Date(START + (minutes ?? 0) * 60_000).toISOString(),
        corrected: data,
      };
      [name, body] = ['CorrectRecord', { reason: 'so', data: corrected }];
    }
    const path = commandPath(name);
    const sent = JSON.stringify(body);
    const reply = await fire(server.port, 'POST', path, { headers: JSON_TYPE, body: sent });
    check(`${path} ${sent}`, reply, routeOf(name));
    if (reply.status === 201) {
      recorded.set(
        (JSON.parse(reply.text) as { records: { number: number }[] }).records[0]?.number ?? 0,
        name,
      );
    }
  }

  await fc.assert(
    fc.asyncProperty(fc.array(plausible, { minLength: 40, maxLength: 70 }), async (steps) => {
      await server.close();
      await fresh();
      const recorded = new Map([
        [0, 'RegisterStudy'],
        [1, 'ApproveProtocol'],
        [2, 'EnrolSubject'],
        [3, 'ImplantElectrode'],
      ]);
      for (const step of steps) {
        server.time.ms += 3_600_000;
        await take(step, recorded);
      }
      await everythingReads();
    }),
    { numRuns: 8 * EFFORT },
  );
});
