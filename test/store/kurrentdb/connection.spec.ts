import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { once } from 'node:events';
import { createServer, type Http2Session, type IncomingHttpHeaders, type Settings } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { readSlice } from '../../../src/store/kurrentdb/read.js';
import { readAll, records } from '../test-records.js';
import { KurrentDBDouble } from './server-double.js';

/** The server speaks HTTP/2 and nothing else: only what a connection says of itself is looked at. */
it('a connection has a window of 1 MiB and accepts no compression', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = readKurrentDBAddress(`kurrentdb://127.0.0.1:${port}?tls=false&insecure=true`);
  const store = new KurrentDBStore(address, { attemptMs: 500, giveUpMs: 500 });
  const answer = store.size('lab').catch((error: unknown) => error);
  const streamed = once(server, 'stream') as Promise<[unknown, IncomingHttpHeaders]>;
  const [session] = (await once(server, 'session')) as [Http2Session];
  const [settings] = (await once(session, 'remoteSettings')) as [Settings];
  expect(settings.initialWindowSize).toBe(1 << 20);
  const [, headers] = await streamed;
  expect(headers['grpc-accept-encoding']).toBe('identity');
  await answer;
  // Not the default of the whole connection either.
  expect(session.state.remoteWindowSize).toBeGreaterThan(1_000_000);
  await store.close();
  session.destroy();
  server.close();
});

describe('a server that compresses for a client that accepts it', () => {
  let double: KurrentDBDouble;
  let store: KurrentDBStore;
  const all = records(20);

  beforeEach(async () => {
    double = await KurrentDBDouble.start();
    store = new KurrentDBStore(readKurrentDBAddress(double.url));
    await store.append('lab', 0, all);
  });

  afterEach(async () => {
    await store.close();
    double.stop();
  });

  it('sends the store nothing compressed', async () => {
    const read = await readAll(store, 'lab');
    expect(read.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    expect(double.compressed).toBe(0);
  });

  it('compresses for the client as it comes', async () => {
    const client = KurrentDBClient.connectionString(readKurrentDBAddress(double.url).connectionString);
    const { events } = await readSlice(client, { stream: 'lab', from: 0, count: 20, deadlineMs: 10_000 });
    await client.dispose();
    expect(events).toHaveLength(20);
    expect(double.compressed).toBeGreaterThanOrEqual(20);
  });
});
