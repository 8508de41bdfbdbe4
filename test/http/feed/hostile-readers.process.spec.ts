import net from 'node:net';
import { encodeCursor } from '../../../src/queries/feed-cursor.js';
import { MemoryStore } from '../../../src/store/memory.store.js';
import { PAGE_RECORDS, type StoredRecord } from '../../../src/store/event-store.js';
import { StoreError } from '../../../src/store/store-error.js';
import { until } from '../../support/until.js';
import { exampleOf, fire, serving, stopIdleClients, withAnimal, type Serving } from '../test-server.js';

afterAll(stopIdleClients);

/** Of a reader who read before anything was anchored. */
function cursorOf(ledger: string, others: ReadonlyMap<number, number>): string {
  return encodeCursor(ledger, { from: 0, to: 0, passed: 0, others });
}

describe('what the feed refuses', () => {
  let server: Serving;
  let ledger: string;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    ledger = (await server.engine.log('lab')).leaf(0);
  });
  afterAll(() => server.close());

  const refusal = async (path: string, headers = {}) => {
    const { status, text } = await fire(server.port, 'GET', path, { headers });
    const { code, field } = JSON.parse(text) as { code: string; field?: string };
    return [status, code, field];
  };

  it.each([
    ['0', 'cursor-invalid'],
    ['1', 'cursor-invalid'],
    ['1AAAAAAAA', 'cursor-invalid'],
    ['%00', 'cursor-invalid'],
    ['1%F0%9F%90%80', 'cursor-invalid'],
    [`1${'_'.repeat(8000)}`, 'cursor-invalid'],
    ['../../etc/passwd', 'cursor-invalid'],
    ['__proto__', 'cursor-invalid'],
    ['', 'parameter-invalid'],
  ])('the cursor %s', async (cursor, code) => {
    expect(await refusal(`/api/v1/feed?cursor=${cursor}`)).toEqual([400, code, 'cursor']);
  });

  it('a Last-Event-ID that is none of its cursors, also beside a good one', async () => {
    const good = cursorOf(ledger, new Map([[0, 1]]));
    const headers = { 'Last-Event-ID': 'x', Accept: 'text/event-stream' };
    expect(await refusal(`/api/v1/feed?cursor=${good}`, headers)).toEqual([400, 'cursor-invalid', 'cursor']);
  });

  it.each([
    ['more records than there are', [[0, 4]]],
    ['as many records as a number can count', [[0, Number.MAX_SAFE_INTEGER]]],
    ['a study that is not registered yet', [[1, 1]]],
    ['a study far away', [[2 ** 40, 1]]],
  ])('a cursor of %s, with when to try again', async (_what, places) => {
    const cursor = cursorOf(ledger, new Map(places as [number, number][]));
    const { status, headers, text } = await fire(server.port, 'GET', `/api/v1/feed?cursor=${cursor}`);
    expect([status, JSON.parse(text).code, headers['retry-after']]).toEqual([409, 'cursor-beyond-head', '2']);
  });

  it('a cursor of more of the lab than there is', async () => {
    const { size } = await server.engine.lab();
    const cursor = encodeCursor(ledger, { from: 0, to: size + 1, passed: 0, others: new Map() });
    expect(await refusal(`/api/v1/feed?cursor=${cursor}`)).toEqual([409, 'cursor-beyond-head', 'cursor']);
  });

  it('a cursor of another ledger', async () => {
    const cursor = cursorOf('x'.repeat(32), new Map([[0, 1]]));
    expect(await refusal(`/api/v1/feed?cursor=${cursor}`)).toEqual([400, 'cursor-invalid', 'cursor']);
  });

  it.each([
    ['/api/v1/feed?study=NONE', 404, 'study-unknown', 'study'],
    ['/api/v1/feed?study=none', 400, 'parameter-invalid', 'study'],
    ['/api/v1/feed?type=LedgerInitialised', 400, 'parameter-invalid', 'type'],
    ['/api/v1/feed?follow=yes', 400, 'parameter-invalid', 'follow'],
    ['/api/v1/feed?cursor=1&cursor=1', 400, 'parameter-repeated', 'cursor'],
    ['/api/v1/feed?from=0', 400, 'parameter-unknown', 'from'],
  ])('%s', async (path, status, code, field) => {
    expect(await refusal(path)).toEqual([status, code, field]);
  });

  it('a media type that it does not speak', async () => {
    expect(await refusal('/api/v1/feed', { Accept: 'text/html' })).toEqual([406, 'not-acceptable', 'Accept']);
  });
});

/** A feed that is followed. Whoever drops the answer lets it be collected, and its abort with it: it is held here. */
interface Followed {
  readonly client: AbortController;
  readonly answer: Response;
}

async function follow(server: Serving): Promise<Followed> {
  const client = new AbortController();
  const headers = { Accept: 'text/event-stream' };
  return { client, answer: await fetch(`${server.url}/api/v1/feed`, { headers, signal: client.signal }) };
}

const MOST_FEEDS = 256;

async function followMost(server: Serving): Promise<Followed[]> {
  const open: Followed[] = [];
  while (open.length < MOST_FEEDS) open.push(await followAgain(server));
  return open;
}

/** Tries until there is a place: the server learns that a client left when the connection is closed. */
async function followAgain(server: Serving): Promise<Followed> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const followed = await follow(server);
    if (followed.answer.status === 200) return followed;
    expect([followed.answer.status, (await followed.answer.json()).code]).toEqual([429, 'too-many-feeds']);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server took no other feed in 1000 tries, though one was aborted.');
}

it('follows 256 feeds, refuses the next one with when to try again, and takes it when one has ended', async () => {
  const server = await serving();
  const open = await followMost(server);
  expect(open.map(({ answer }) => answer.status)).toEqual(Array.from({ length: MOST_FEEDS }, () => 200));
  const events = { headers: { Accept: 'text/event-stream' } };
  const refused = await fire(server.port, 'GET', '/api/v1/feed', events);
  expect([refused.status, JSON.parse(refused.text).code, refused.headers['retry-after']]).toEqual([
    429,
    'too-many-feeds',
    '30',
  ]);
  open[0]!.client.abort();
  open.push(await followAgain(server));
  for (const { client } of open) client.abort();
  await server.close();
});

it('gives the place back of whoever leaves, at whatever moment and in whatever way', async () => {
  const server = await serving();
  const asked = 'GET /api/v1/feed HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n';
  const leave = async (round: number): Promise<void> => {
    const socket = net.connect(server.port, '127.0.0.1').on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    // One request, or a second one that waits behind it.
    socket.write(round % 3 === 0 ? asked + asked : asked);
    if (round % 4 > 1) await new Promise((resolve) => socket.once('data', resolve));
    else for (let turn = 0; turn < round % 7; turn++) await new Promise(setImmediate);
    if (round % 4 === 0) socket.resetAndDestroy();
    else if (round % 4 === 3) socket.resume().end();
    else socket.destroy();
    await closed;
  };
  // More than there are places.
  for (let round = 0; round < 2 * MOST_FEEDS; round++) await leave(round);
  const open = await followMost(server);
  expect(open).toHaveLength(MOST_FEEDS);
  for (const { client } of open) client.abort();
  await server.close();
});

/** A study as long as one likes that is made while it is read, and counts what was asked of it. */
class LongStudy extends MemoryStore {
  long = 0;
  pages = 0;
  isAway = false;
  askedInVain = 0;

  override async size(stream: string): Promise<number> {
    this.refuseWhileAway();
    return this.long > 0 && stream === 'study-KET-01' ? this.long : super.size(stream);
  }

  override async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    this.refuseWhileAway();
    if (this.long === 0 || stream !== 'study-KET-01') return yield* super.read(stream, from);
    for (let at = from; at < this.long; at += PAGE_RECORDS) {
      this.pages++;
      yield Array.from({ length: Math.min(PAGE_RECORDS, this.long - at) }, (_, i) => ({
        number: at + i,
        text: `{"n":${at + i},"x":"${'x'.repeat(1000)}"}`,
        leaf: '',
      }));
    }
  }

  private refuseWhileAway(): void {
    if (!this.isAway) return;
    this.askedInVain++;
    throw new StoreError('unavailable', 'away');
  }
}

it('reads no further than what a slow reader takes', async () => {
  const store = new LongStudy();
  const server = await serving({ store });
  await withAnimal(server);
  // 10,000 pages of 260 kB: what is not taken must not be read, let alone kept.
  store.long = PAGE_RECORDS * 10_000;
  const socket = net.connect(server.port, '127.0.0.1');
  socket.pause();
  socket.write('GET /api/v1/feed HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n');
  for (let before = -1; before !== store.pages || store.pages === 0;) {
    before = store.pages;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  // What fits into the buffers of the kernel on both sides, and a page.
  expect(store.pages).toBeLessThan(200);
  const stood = store.pages;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > 50_000_000) resolve();
    });
    socket.resume();
  });
  expect(store.pages).toBeGreaterThan(stood);
  socket.destroy();
  await server.close();
});

it('an answer that the closing of the server cuts off does not look whole', async () => {
  const store = new LongStudy();
  const server = await serving({ store, graceMs: 300 });
  await withAnimal(server);
  store.long = PAGE_RECORDS * 10_000;
  const socket = net.connect(server.port, '127.0.0.1').setEncoding('latin1');
  socket.write('GET /api/v1/feed HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  await server.close();
  let tail = '';
  socket.on('data', (chunk: string) => (tail = (tail + chunk).slice(-200))).on('error', () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(tail).toContain('xxxx');
  expect(tail).not.toMatch(/\r\n0\r\n\r\n$/);
});

it('a page that fails half-way breaks the answer off, so that nobody takes it for whole', async () => {
  const store = new LongStudy();
  const server = await serving({ store });
  await withAnimal(server);
  store.long = PAGE_RECORDS * 40;
  const read = store.read.bind(store);
  store.read = async function* (stream, from) {
    for await (const page of read(stream, from)) {
      if ((page[0]?.number ?? 0) >= PAGE_RECORDS * 30) throw new StoreError('unavailable', 'away');
      yield page;
    }
  };
  await expect(fire(server.port, 'GET', '/api/v1/feed')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  await server.close();
});

it('who follows while the store is away is not cut off, and goes on when it is back', async () => {
  const store = new LongStudy();
  const server = await serving({ store });
  await withAnimal(server);
  const reply = await fetch(`${server.url}/api/v1/feed?type=BodyWeightRecorded`, {
    headers: { Accept: 'text/event-stream' },
  });
  store.isAway = true;
  await until(() => store.askedInVain > 1);
  store.isAway = false;
  await server.send('RecordBodyWeight', exampleOf('RecordBodyWeight'));
  let text = '';
  for await (const chunk of reply.body!) {
    text += Buffer.from(chunk).toString();
    if (text.includes('data: ')) break;
  }
  expect(text).toContain('"type":"BodyWeightRecorded"');
  await server.close();
});
