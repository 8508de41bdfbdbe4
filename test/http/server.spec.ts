import { Engine } from '../../src/recording/engine.js';
import { createServer } from '../../src/http/platform/server.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { NewRecord } from '../../src/store/event-store.js';
import { until } from '../support/until.js';
import { commandPath, exampleOf, fire, serving, stopIdleClients, withAnimal } from './test-server.js';

/** A store that can hold an append back until it is let go. */
class HeldStore extends MemoryStore {
  closed = false;
  asked = false;
  release: () => void = () => undefined;
  private held: Promise<void> | undefined;

  hold(): void {
    this.held = new Promise((resolve) => (this.release = resolve));
  }

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    this.asked = this.held !== undefined;
    await this.held;
    return super.append(stream, size, records);
  }

  override async close(): Promise<void> {
    this.closed = true;
    return super.close();
  }
}

afterAll(stopIdleClients);

it.each(['0.0.0.0', '::', '192.168.1.10', 'lab.example'])('does not listen on %s', async (host) => {
  const engine = new Engine(new MemoryStore(), Date.now);
  await expect(createServer(engine, { port: 0, host, logger: false })).rejects.toThrow(/this machine only/);
});

it('serves no store that holds no ledger', async () => {
  const engine = new Engine(new MemoryStore(), Date.now);
  await expect(createServer(engine, { port: 0, logger: false })).rejects.toThrow(/holds no ledger/);
});

it('listens on 127.0.0.1', async () => {
  const server = await serving();
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
  await server.close();
});

it('says which port is taken', async () => {
  const first = await serving();
  const engine = new Engine(new MemoryStore(), Date.now);
  await engine.initialise('lab.example', false, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  await expect(createServer(engine, { port: first.port, logger: false })).rejects.toThrow(/EADDRINUSE/);
  await first.close();
});

it('finishes what was asked before it closes the store, and takes nothing new', async () => {
  const store = new HeldStore();
  const server = await serving({ store });
  await withAnimal(server);
  await fire(server.port, 'GET', '/health');
  store.hold();
  const body = JSON.stringify(exampleOf('RecordBodyWeight'));
  const headers = { 'Content-Type': 'application/json' };
  const underWay = fire(server.port, 'POST', commandPath('RecordBodyWeight'), { headers, body });
  await until(() => store.asked);
  const closed = server.close();
  await until(() =>
    fetch(`${server.url}/health`).then(
      () => false,
      () => true,
    ),
  );
  expect(store.closed).toBe(false);
  store.release();
  const answer = await underWay;
  expect(answer.status).toBe(201);
  expect(answer.headers['connection']).toBe('close');
  await closed;
  expect(store.closed).toBe(true);
  await server.close();
});

it('cuts off what does not end within the grace', async () => {
  const store = new HeldStore();
  const server = await serving({ store, graceMs: 100 });
  await withAnimal(server);
  store.hold();
  const underWay = server.send('RecordBodyWeight', exampleOf('RecordBodyWeight')).then(
    () => 'answered',
    () => 'cut off',
  );
  await until(() => store.asked);
  const closed = server.close();
  expect(await underWay).toBe('cut off');
  store.release();
  await closed;
});
