import http from 'node:http';
import net from 'node:net';
import request from 'supertest';
import { v4 } from 'uuid';
import { Engine } from '../../src/recording/engine.js';
import { createServer } from '../../src/http/platform/server.js';
import type { HttpOptions } from '../../src/http/platform/http-settings.js';
import type { Custody } from '../../src/signing/custody.js';
import type { EventStore } from '../../src/store/event-store.js';
import { commandNamed, routeOf } from '../../src/study/catalogue.js';
import { begin } from '../support/people.js';
import { testStore } from '../support/test-store.js';
import type { LoggerService } from '@nestjs/common';

export const START = Date.parse('2026-03-02T09:15:00Z');

export interface Options {
  readonly store?: EventStore;
  readonly logger?: LoggerService | false;
  readonly clock?: Clock;
  readonly graceMs?: number;
  /** Real ledgers take commands by people only. */
  readonly simulated?: boolean;
  readonly http?: HttpOptions;
  /** Whether `people begin` was run. */
  readonly people?: boolean;
  /** Of several servers of one ledger: their keys. */
  readonly custody?: Custody;
}

export interface Clock {
  ms: number;
}

/** A server that listens, on a store of its own unless one is given, at a time that the test sets. */
export async function serving({
  store: given,
  logger = false,
  clock,
  graceMs,
  simulated = true,
  http: httpOptions,
  people = false,
  custody,
}: Options = {}) {
  const store = given ?? (await testStore());
  const time = clock ?? { ms: START };
  const engine = new Engine(store, () => time.ms, custody && { custody });
  await engine.initialise('lab.example', simulated, v4());
  if (people) await begin(engine);
  const server = await createServer(engine, {
    port: 0,
    logger,
    ...(graceMs !== undefined && { graceMs }),
    ...(httpOptions && { http: httpOptions }),
  });
  const agent = request(server.url);
  return {
    ...server,
    engine,
    time,
    port: Number(new URL(server.url).port),
    get: (path: string) => agent.get(path),
    post: (path: string) => agent.post(path),
    send: (name: string, body: object, { study = 'KET-01', key = v4() } = {}) =>
      agent.post(commandPath(name, study)).set('Idempotency-Key', key).send(body),
  };
}

export type Serving = Awaited<ReturnType<typeof serving>>;

export function commandPath(name: string, study = 'KET-01'): string {
  return `/api/v1/studies/${study}/commands/${routeOf(name)}`;
}

export function exampleOf(name: string): Record<string, unknown> {
  return structuredClone(commandNamed(name)?.example ?? {});
}

/** Registered, approved, one animal: records #0 to #2. */
export async function withAnimal(server: Serving): Promise<void> {
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) {
    const { status, text } = await server.send(name, exampleOf(name));
    if (status !== 201) throw new Error(text);
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

/** A request as written, with no client in between that would tidy the path or refuse the method. */
export function fire(
  port: number,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ agent, host: '127.0.0.1', port, method, path, headers }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Bytes on a socket, for what no client would send, and all that comes back until the server closes it. */
export function raw(port: number, text: string, { leave = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => (leave ? socket.end(text) : socket.write(text)));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

export function stopIdleClients(): void {
  agent.destroy();
}
