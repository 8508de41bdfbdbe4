import { KurrentDBClient, NO_STREAM } from '@kurrent/kurrentdb-client';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Engine } from '../src/recording/engine.js';
import { ShowStudy } from '../src/queries/queries.js';
import { readKurrentDBAddress, type KurrentDBAddress } from '../src/store/kurrentdb/address.js';
import { readSlice } from '../src/store/kurrentdb/read.js';
import { KurrentDBStore } from '../src/store/kurrentdb/kurrentdb.store.js';
import { ANIMALS, THRESHOLD_BODY, animal, benchOn, prepareStudy, type Bench } from './bench-study.js';
import { concurrentPerSecond, median, type Ratio } from './measure.js';

const STUDIES = 50;
/** Recording so many takes minutes; fewer for a look. */
const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 100_000);
const ROUNDS = 5;
const QUERIES = 300;
const DEADLINE_MS = 60_000;
/** Client objects that the store takes for so many callers; the bare side has as many. */
const CLIENTS = 4;

/** The engine on KurrentDB against its bare client: a real server where KURRENTDB_URL names one, else the double. */
export async function benchKurrentDB(): Promise<Ratio[]> {
  const { KURRENTDB_URL } = process.env;
  if (KURRENTDB_URL !== undefined) return benchOnServer(KURRENTDB_URL, 'bare client, real server');
  process.stderr.write('kurrentdb against a real server: skipped: no KURRENTDB_URL; against the double:\n');
  const double = fork(fileURLToPath(new URL('./double-process.js', import.meta.url)));
  const [url] = (await once(double, 'message')) as [string];
  try {
    return await benchOnServer(url, 'bare client, double');
  } finally {
    double.disconnect();
  }
}

async function benchOnServer(url: string, against: string): Promise<Ratio[]> {
  const address = { ...readKurrentDBAddress(url), prefix: `bench-${randomUUID().slice(0, 8)}.` };
  const clients = Array.from({ length: CLIENTS }, () =>
    KurrentDBClient.connectionString(address.connectionString),
  );
  const client = clients[0]!;
  const engine = new Engine(new KurrentDBStore(address), Date.now);
  await engine.initialise('bench.invalid', true, randomUUID());
  const bench = await benchOn(engine);
  try {
    const ratios = [
      ...(await commands(bench, clients, address)),
      await opening(bench, client, address),
      await query(bench, client, address),
    ];
    return ratios.map((ratio) => ({ ...ratio, against }));
  } finally {
    await bench.close();
    await Promise.all(clients.map((each) => each.dispose()));
  }
}

type Measured = Omit<Ratio, 'against'>;

async function commands(
  bench: Bench,
  clients: readonly KurrentDBClient[],
  address: KurrentDBAddress,
): Promise<Measured[]> {
  const studies = Array.from({ length: STUDIES }, (_, index) => `BENCH-${index}`);
  await Promise.all(studies.map((study) => prepareStudy(bench, study)));
  const record = (caller: number): Promise<unknown> =>
    bench.send('RecordThreshold', studies[caller]!, { ...THRESHOLD_BODY, subject: animal(caller) });
  await record(0);
  const bare = bareAppends(clients, await lastBytes(clients[0]!, `${address.prefix}study-BENCH-0`));
  const rates = { crowd: [], crowdBare: [], lone: [], loneBare: [] } as Record<string, number[]>;
  const sides = [
    { name: 'crowdBare', callers: STUDIES, step: bare },
    { name: 'crowd', callers: STUDIES, step: record },
    { name: 'loneBare', callers: 1, step: bare },
    { name: 'lone', callers: 1, step: record },
  ];
  for (const { callers, step } of sides) await concurrentPerSecond(1, callers, step);
  for (let round = 0; round < ROUNDS; round++)
    for (const { name, callers, step } of round % 2 === 0 ? sides : sides.toReversed())
      rates[name]!.push(await concurrentPerSecond(1, callers, step));
  const { crowd, crowdBare, lone, loneBare } = rates;
  return [
    measured('RecordThreshold, 50 callers on 50 studies', crowd!, crowdBare!, '/s', { atLeast: 0.45 }),
    measured('RecordThreshold, 1 caller on one study', lone!, loneBare!, '/s', { atLeast: 0.7 }),
  ];
}

/** Each caller appends the same bytes to a stream of its own, at the revision that it knows. */
function bareAppends(
  clients: readonly KurrentDBClient[],
  bytes: Buffer,
): (caller: number) => Promise<unknown> {
  const data = JSON.parse(bytes.toString()) as Record<string, unknown>;
  const revisions = new Map<number, bigint>();
  const run = randomUUID();
  return async (caller) => {
    const event = {
      id: randomUUID(),
      type: 'ThresholdRecorded',
      contentType: 'application/json',
      data,
    } as const;
    const client = clients[caller % clients.length]!;
    const { nextExpectedRevision } = await client.appendToStream(`bare-${run}-${caller}`, [event as never], {
      streamState: revisions.get(caller) ?? NO_STREAM,
      requiresLeader: true,
    });
    revisions.set(caller, nextExpectedRevision);
  };
}

async function lastBytes(client: KurrentDBClient, stream: string): Promise<Buffer> {
  const { events } = await readSlice(client, { stream, from: undefined, count: 1, deadlineMs: DEADLINE_MS });
  return events[0]!.bytes;
}

async function opening(bench: Bench, client: KurrentDBClient, address: KurrentDBAddress): Promise<Measured> {
  await prepareStudy(bench, 'BENCH');
  for (let done = ANIMALS + 2; done < RECORDS; done += 500)
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        bench.send('RecordThreshold', 'BENCH', { ...THRESHOLD_BODY, subject: animal(index) }),
      ),
    );
  // Connected before, as the bare client is.
  const store = new KurrentDBStore(address);
  await store.size('lab');
  const [ours, bare]: number[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    bare!.push(RECORDS / (await timed(() => bareRead(client, `${address.prefix}study-BENCH`))));
    ours!.push(RECORDS / (await timed(() => openStudy(store))));
  }
  await store.close();
  return measured(`opening a study of ${RECORDS} records`, ours!, bare!, '/ms', { atLeast: 0.35 });
}

async function openStudy(store: KurrentDBStore): Promise<void> {
  const study = await new Engine(store, () => 0).study('BENCH');
  if (study.size < RECORDS) throw new Error(`only ${study.size} records`);
}

/** As its documentation says. */
async function bareRead(client: KurrentDBClient, stream: string): Promise<void> {
  let records = 0;
  for await (const { event } of client.readStream(stream)) if (event) records++;
  if (records < RECORDS) throw new Error(`only ${records} records`);
}

async function query(bench: Bench, client: KurrentDBClient, address: KurrentDBAddress): Promise<Measured> {
  const stream = `${address.prefix}study-BENCH-0`;
  const from = (await bench.engine.study('BENCH-0')).size;
  const [ours, bare]: number[][] = [[], []];
  for (let index = 0; index < QUERIES; index++) {
    bare!.push(await elapsed(() => readSlice(client, { stream, from, count: 1, deadlineMs: DEADLINE_MS })));
    ours!.push(await elapsed(() => bench.ask(new ShowStudy('BENCH-0'))));
  }
  const [asked, empty] = [ours!, bare!].map((times) => times.map((ms) => 1000 * ms));
  return measured('a query that finds nothing new, p50', asked!, empty!, 'µs', { atMost: 3 });
}

function measured(
  what: string,
  ours: number[],
  bare: number[],
  unit: string,
  bound: Ratio['bound'],
): Measured {
  return { what, ours: median(ours), bare: median(bare), unit, ratio: median(ours) / median(bare), bound };
}

/** With nothing left to collect from what was measured before. */
function timed(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  return elapsed(work);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
