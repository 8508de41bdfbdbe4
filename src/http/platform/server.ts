import type { Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { type DynamicModule, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../app.module.js';
import type { Engine } from '../../recording/engine.js';
import { RenderPool } from '../../exports/render-pool.js';
import { SheetReader } from '../../imports/reading/sheet-reader.js';
import type { Lab } from '../../lab/lab.js';
import { siteInForce } from '../../lab/people/standing.js';
import type { Served } from './admission.js';
import { HttpSettings, type HttpOptions } from './http-settings.js';
import { Requests } from './requests.js';
import { ReplyAdapter } from './reply-adapter.js';
import { answerUnreadable } from './unreadable.js';

export interface ServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly host?: string;
  /** Gets warnings and errors; false for none. */
  readonly logger: LoggerService | false;
  /** The thread that renders heavy files; they are rendered in this one where it is left out. */
  readonly renderThread?: URL;
  /** The thread that reads spreadsheets which are sent; as above. */
  readonly readThread?: URL;
  /** How long requests under way may take after the server was told to stop. */
  readonly graceMs?: number;
  readonly http?: HttpOptions;
}

export interface RunningServer {
  readonly url: string;
  /** Accepts no more requests, finishes those under way, then closes the store. */
  close(): Promise<void>;
}

const HOSTS = ['127.0.0.1', '::1', 'localhost'];

/** Where a server listens: on this machine, and behind a proxy on another machine on all its addresses. */
export function hostFor(behindProxy: string | undefined): string {
  if (behindProxy === undefined || HOSTS.includes(behindProxy)) return '127.0.0.1';
  return behindProxy.includes(':') ? '::' : '0.0.0.0';
}

/** Serves a ledger over HTTP. It resolves when the server listens. */
export async function createServer(engine: Engine, options: ServerOptions): Promise<RunningServer> {
  const { port, logger, renderThread, readThread, graceMs = 10_000 } = options;
  const settings = new HttpSettings(options.http);
  const { behindProxy } = settings;
  const { host = hostFor(behindProxy) } = options;
  if (behindProxy === undefined && !HOSTS.includes(host))
    throw new Error(
      `Study Ledger listens on this machine only, not on ${host}: beyond it, name the TLS proxy with --behind-proxy. Leave the host out, or use 127.0.0.1.`,
    );
  const lab = await engine.lab();
  if (lab.size === 0) throw new Error('This store holds no ledger yet: initialise it first.');
  if (behindProxy !== undefined) refuseProxy(lab, behindProxy);
  const readOn = onceASecond(() => engine.lab());
  const module = AppModule.on(engine, {
    renderer: new RenderPool(renderThread),
    reader: new SheetReader(readThread),
    settings,
  });
  const app = await createApplication(module, logger, () => ({
    lab: engine.labNow,
    nowMs: engine.clock(),
    behindProxy,
    readOn: engine.store.soleWriter ? undefined : readOn,
  }));
  const server: Server = app.getHttpServer();
  await app.listen(port, host);
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(server.address() as AddressInfo),
    close() {
      return (closing ??= shutDown(app, server, engine, graceMs));
    },
  };
}

/** Strangers may ask as often as they like. What fails is noticed where a command or a read needs it. */
function onceASecond(read: () => Promise<unknown>): () => Promise<void> {
  let readAtMs = -Infinity;
  return async () => {
    if (performance.now() - readAtMs < 1000) return;
    readAtMs = performance.now();
    await read().catch(() => undefined);
  };
}

/** Other machines reach only a ledger that asks who they are. */
function refuseProxy({ simulated, people }: Lab, behindProxy: string): void {
  if (isIP(behindProxy) === 0)
    throw new Error(
      `--behind-proxy ${behindProxy} is no IP address: name the one that the proxy connects from.`,
    );
  if (simulated)
    throw new Error('A simulated ledger is served on this machine only: leave --behind-proxy out.');
  if (!siteInForce(people))
    throw new Error(
      'Nobody is registered in this ledger: run study-ledger people begin before it is served behind a proxy.',
    );
}

/** An application on this server's adapter that does not listen yet. */
export async function createApplication(
  module: DynamicModule,
  logger: LoggerService | false,
  served: () => Served,
): Promise<INestApplication> {
  const options = { bodyParser: false, abortOnError: false, logger };
  const adapter = new ReplyAdapter(served);
  const app = await NestFactory.create(module, adapter, options);
  adapter.requests = app.get(Requests);
  (app.getHttpServer() as Server).on('clientError', answerUnreadable);
  return app;
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Kept-alive connections are closed when they fall idle, and cut off after the grace period. */
async function shutDown(
  app: INestApplication,
  server: Server,
  engine: Engine,
  graceMs: number,
): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
    await engine.close();
  }
}
