import { once } from 'node:events';
import { createServer, type Http2Session, type Settings } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';

/** It speaks HTTP/2 and nothing else: what a connection announces of itself is all that is looked at. */
it('a connection lets a server send on while what it has sent is used', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = readKurrentDBAddress(`kurrentdb://127.0.0.1:${port}?tls=false&insecure=true`);
  const store = new KurrentDBStore(address, { attemptMs: 500, giveUpMs: 500 });
  const answer = store.size('lab').catch((error: unknown) => error);
  const [session] = (await once(server, 'session')) as [Http2Session];
  const [settings] = (await once(session, 'remoteSettings')) as [Settings];
  expect(settings.initialWindowSize).toBe(1 << 20);
  await answer;
  // Not the default of the whole connection either.
  expect(session.state.remoteWindowSize).toBeGreaterThan(1_000_000);
  await store.close();
  session.destroy();
  server.close();
});
