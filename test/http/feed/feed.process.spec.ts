import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from '../../../src/http/platform/server.js';
import { Engine } from '../../../src/recording/engine.js';
import { proposeAnchor } from '../../../src/anchoring/anchor-facts.js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { KurrentDBDouble } from '../../store/kurrentdb/server-double.js';
import { MemoryStore } from '../../../src/store/memory.store.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { times } from '../../support/effort.js';
import { exampleOf, fire, serving, stopIdleClients, type Serving } from '../test-server.js';

const NDJSON = { Accept: 'application/x-ndjson' };
const EVENTS = { Accept: 'text/event-stream' };

interface Line {
  readonly source: string;
  readonly sequence: string;
  readonly type: string;
  readonly feedcursor: string;
}

const folder = mkdtempSync(join(tmpdir(), 'study-ledger-feed-'));
afterAll(() => {
  stopIdleClients();
  rmSync(folder, { recursive: true, force: true });
});

const { KURRENTDB_URL } = process.env;
let double: KurrentDBDouble | undefined;
beforeAll(async () => {
  if (KURRENTDB_URL === undefined) double = await KurrentDBDouble.start();
});
afterAll(() => double?.stop());

const STORES: [string, (ledger: string) => EventStore][] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', (ledger) => openSqliteStore(join(folder, ledger), { create: true, holder: 'test' })],
  [
    KURRENTDB_URL === undefined ? 'KurrentDB (double)' : 'KurrentDB (real server)',
    () =>
      new KurrentDBStore({
        ...readKurrentDBAddress(KURRENTDB_URL ?? double?.url ?? ''),
        prefix: `${randomUUID()}.`,
      }),
  ],
];

describe.each(STORES)('the feed on %s', (_name, store) => {
  let server: Serving;
  const CODES = ['KET-01', 'KET-02', 'KET-03'];
  beforeAll(async () => {
    server = await serving({ store: store('three') });
    for (const study of CODES)
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject'])
        await sent(server, name, study);
    for (let i = 0; i < 40; i++) await sent(server, 'RecordBodyWeight', CODES[i % 3]!);
  });
  afterAll(() => server.close());

  const ask = async (query = '', headers: http.OutgoingHttpHeaders = NDJSON) => {
    const reply = await fire(server.port, 'GET', `/api/v1/feed${query}`, { headers });
    if (reply.status !== 200) throw new Error(reply.text);
    return reply;
  };

  it('gives every record of every study once, each study in its own order, as it was stored', async () => {
    const { text, headers } = await ask();
    const lines = linesOf(text);
    expect(placesOf(lines)).toEqual(await everyPlace(server, CODES));
    expect(headers['content-type']).toBe('application/x-ndjson');
    const stored: string[] = [];
    for await (const page of server.engine.store.read('study-KET-02'))
      stored.push(...page.map((r) => r.text));
    const asStored = lines
      .filter(({ source }) => source === '/studies/KET-02')
      .map(({ feedcursor: _place, ...record }) => JSON.stringify(record));
    expect(asStored).toEqual(stored);
  });

  it('goes on after any record without a gap or a repetition', async () => {
    const all = linesOf((await ask()).text);
    for (let at = 0; at < all.length; at += times(1, 7)) {
      const rest = linesOf((await ask(`?cursor=${all[at]!.feedcursor}`)).text);
      expect(placesOf(rest)).toEqual(placesOf(all.slice(at + 1)));
    }
  });

  it('says in Link where to ask again, and there is what came since', async () => {
    const { headers } = await ask('?type=BodyWeightRecorded&study=KET-02');
    const nextOf = (link: unknown) => /^<(.+)>; rel="next"$/.exec(String(link))?.[1] ?? '';
    const next = nextOf(headers['link']);
    const nothing = await fire(server.port, 'GET', next, { headers: NDJSON });
    expect([nothing.text, nextOf(nothing.headers['link'])]).toEqual(['', next]);
    await sent(server, 'RecordBodyWeight', 'KET-02');
    await sent(server, 'RecordBodyWeight', 'KET-01');
    const since = linesOf((await fire(server.port, 'GET', next, { headers: NDJSON })).text);
    expect(since.map(({ source, type }) => [source, type])).toEqual([
      ['/studies/KET-02', 'BodyWeightRecorded'],
    ]);
  });

  it('filters by study and by type', async () => {
    const lines = linesOf((await ask('?study=KET-03&type=ProtocolApproved')).text);
    expect(placesOf(lines)).toEqual(['/studies/KET-03 0000000001']);
  });

  it('gives events whose ids are cursors and whose data are the stored bytes', async () => {
    const events = eventsOf((await ask('?follow=false', EVENTS)).text);
    const lines = linesOf((await ask()).text);
    expect(events.map(({ id }) => id)).toEqual(lines.map(({ feedcursor }) => feedcursor));
    expect(events.map(({ data }) => data)).toEqual(
      lines.map(({ feedcursor: _place, ...record }) => JSON.stringify(record)),
    );
    const resumed = await ask('?follow=false', { ...EVENTS, 'Last-Event-ID': events[9]!.id });
    expect(eventsOf(resumed.text)).toEqual(events.slice(10));
    const both = await ask(`?follow=false&cursor=${events[0]!.id}`, {
      ...EVENTS,
      'Last-Event-ID': events[9]!.id,
    });
    expect(eventsOf(both.text)).toEqual(events.slice(10));
  });

  it('follows over a broken connection: each record once, those of a new study too', async () => {
    const start = linesOf((await ask()).text).at(-1)!.feedcursor;
    const seen: Line[] = [];
    let cursor = start;
    const follow = async (until: number): Promise<void> => {
      await following(server.port, `/api/v1/feed?follow=true&cursor=${cursor}`, NDJSON, (text) => {
        // Cut off in the middle of what came: the rest counts as lost.
        seen.push(...linesOf(text).slice(0, until - seen.length));
        cursor = seen.at(-1)?.feedcursor ?? cursor;
        return seen.length >= until;
      });
    };
    const code = 'KET-04';
    const recording = (async () => {
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await sent(server, name, code);
      for (let i = 0; i < 20; i++) await sent(server, 'RecordBodyWeight', i % 2 ? code : 'KET-01');
    })();
    for (const until of [1, 5, 12, 23]) await follow(until);
    await recording;
    expect(seen).toHaveLength(23);
    expect(placesOf(seen.filter(({ source }) => source.endsWith(code)))).toEqual(
      Array.from({ length: 13 }, (_, i) => `/studies/${code} ${String(i).padStart(10, '0')}`),
    );
    expect(new Set(placesOf(seen)).size).toBe(23);
  });

  it('answers HEAD without a body, also where it would follow', async () => {
    const { status, text, headers } = await fire(server.port, 'HEAD', '/api/v1/feed', { headers: EVENTS });
    expect([status, text, headers['content-type']]).toEqual([200, '', 'text/event-stream']);
  });
});

describe.each(STORES)('the feed of many studies on %s', (_name, store) => {
  const CODES = Array.from({ length: 30 }, (_, index) => `KET-${10 + index}`);
  const others: Awaited<ReturnType<typeof restarted>>[] = [];
  let server: Serving;
  beforeAll(async () => {
    server = await serving({ store: store('many') });
    for (const study of CODES)
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject'])
        await sent(server, name, study);
    await anchored(server, CODES);
    for (const study of CODES) await sent(server, 'RecordBodyWeight', study);
    await anchored(server, CODES);
    // Two studies have records that no anchor covers yet.
    for (const study of CODES.slice(4, 6)) await sent(server, 'RecordBodyWeight', study);
  });
  afterAll(() => Promise.all([server, ...others].map((each) => each.close())));

  const ask = async (cursor?: string, query = '', of: Pick<Serving, 'port'> = server) => {
    const path = `/api/v1/feed?${cursor === undefined ? '' : `cursor=${cursor}&`}${query}`;
    const { status, text, headers } = await fire(of.port, 'GET', path, { headers: NDJSON });
    if (status !== 200) throw new Error(text);
    return { lines: linesOf(text), next: /cursor=([^&>]+)/.exec(String(headers['link']))?.[1] ?? '' };
  };

  it('gives every record once, with a cursor that does not grow with the studies', async () => {
    const { lines } = await ask();
    expect(placesOf(lines).sort()).toEqual((await everyPlace(server, CODES)).sort());
    for (const { feedcursor } of lines) expect(feedcursor.length).toBeLessThan(32);
  });

  it('goes on after any record, on another server, and when the lab has anchored more', async () => {
    const all = (await ask()).lines;
    const goesOn = async (from: Pick<Serving, 'port'>): Promise<void> => {
      for (let at = 0; at < all.length; at += times(5, 23)) {
        const { lines } = await ask(all[at]!.feedcursor, '', from);
        const rest = placesOf(all.slice(at + 1));
        // In each study in its order, and nothing else; where the lab has grown, perhaps another study first.
        expect(placesOf(lines).sort()).toEqual(rest.sort());
        for (const study of CODES) expect(placesIn(lines, study)).toEqual(placesIn(all.slice(at + 1), study));
      }
    };
    others.push(await restarted(server));
    await goesOn(others[0]!);
    await anchored(server, CODES);
    others.push(await restarted(server));
    await goesOn(others[1]!);
    await goesOn(server);
  });

  it('says in Link a cursor as short, at which nothing comes again', async () => {
    const { next } = await ask();
    expect(next.length).toBeLessThan(32);
    expect(await ask(next)).toEqual({ lines: [], next });
    const one = await ask(undefined, `study=${CODES[7]}`);
    expect(one.next.length).toBeLessThan(32);
    const rest = await ask(one.next);
    expect(placesOf([...one.lines, ...rest.lines]).sort()).toEqual((await everyPlace(server, CODES)).sort());
  });

  it('takes a cursor of the first version, and answers with short ones', async () => {
    const ledger = (await server.engine.log('lab')).leaf(0);
    const body = Buffer.from(CODES.flatMap(() => [1, 3]));
    const check = createHash('sha256').update(Buffer.from(ledger, 'latin1')).update(body).digest();
    const old = `1${Buffer.concat([check.subarray(0, 4), body]).toString('base64url')}`;
    const { lines, next } = await ask(old);
    expect(placesOf(lines).sort()).toEqual(
      (await everyPlace(server, CODES)).filter((place) => Number(place.slice(-10)) >= 3).sort(),
    );
    expect(next.length).toBeLessThan(32);
  });
});

it('lets the server close while somebody follows', async () => {
  const server = await serving({ graceMs: 60_000 });
  await sent(server, 'RegisterStudy', 'KET-01');
  const ended = new Promise<void>((resolve, reject) => {
    http
      .get({ port: server.port, path: '/api/v1/feed', headers: EVENTS }, (reply) => {
        reply.once('data', () => void server.close().catch(reject));
        reply.on('data', () => undefined).on('end', resolve);
      })
      .on('error', reject);
  });
  await ended;
  await server.close();
});

async function sent(server: Serving, name: string, study: string): Promise<void> {
  const { status, text } = await server.send(name, exampleOf(name), { study });
  if (status !== 201) throw new Error(text);
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function eventsOf(text: string): { id: string; data: string }[] {
  return [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({ id, data }));
}

/** Another server on the same store, which knows nothing but that. Closing it closes the store. */
async function restarted({ engine, time }: Serving): Promise<{ port: number; close(): Promise<void> }> {
  const again = new Engine(engine.store, () => time.ms);
  const server = await createServer(again, { port: 0, logger: false });
  return { port: Number(new URL(server.url).port), close: () => server.close() };
}

/** Records of each study's head in the lab, as anchoring makes them. */
async function anchored({ engine }: Serving, codes: readonly string[]): Promise<void> {
  for (const code of codes) {
    const open = await engine.study(code);
    const head = { size: open.size, root: open.log.root(open.size), note: '' };
    await engine.recordInLab(proposeAnchor(engine, await engine.lab(), open, head, 'interval'));
  }
}

function placesIn(lines: readonly Line[], study: string): string[] {
  return placesOf(lines.filter(({ source }) => source === `/studies/${study}`));
}

function placesOf(lines: readonly Line[]): string[] {
  return lines.map(({ source, sequence }) => `${source} ${sequence}`);
}

async function everyPlace({ engine }: Serving, codes: readonly string[]): Promise<string[]> {
  const places: string[] = [];
  for (const code of codes)
    for (let n = 0; n < (await engine.store.size(`study-${code}`)); n++)
      places.push(`/studies/${code} ${String(n).padStart(10, '0')}`);
  return places;
}

/** Reads whole lines until `enough` says so, and breaks the connection then. */
function following(
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders,
  enough: (lines: string) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, headers, agent: false }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`status ${reply.statusCode}`));
      let rest = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        const end = (rest + chunk).lastIndexOf('\n') + 1;
        const whole = (rest + chunk).slice(0, end);
        rest = (rest + chunk).slice(end);
        if (!enough(whole)) return;
        request.destroy();
        resolve();
      });
      reply.on('error', () => undefined);
    });
    request.on('error', () => undefined);
  });
}
