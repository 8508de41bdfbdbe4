import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../app.module.js';
import type { Engine } from '../../recording/engine.js';
import { RenderPool } from '../../exports/render-pool.js';
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
  /** How long requests under way may take after the server was told to stop. */
  readonly graceMs?: number;
}

export interface RunningServer {
  readonly url: string;
  /** Accepts no more requests, finishes those under way, then closes the store. */
  close(): Promise<void>;
}

const HOSTS = ['127.0.0.1', '::1', 'localhost'];

/** Serves a ledger over HTTP. It resolves when the server listens. */
export async function createServer(engine: Engine, options: ServerOptions): Promise<RunningServer> {
  const { port, host = '127.0.0.1', logger, renderThread, graceMs = 10_000 } = options;
  if (!HOSTS.includes(host)) {
    throw new Error(
      `Study Ledger listens on this machine only, not on ${host}: it has no accounts yet, and whoever reaches it can record. Leave the host out, or use 127.0.0.1.`,
    );
  }
  if ((await engine.lab()).size === 0)
    throw new Error('This store holds no ledger yet: initialise it first.');
  const app = await createApplication(AppModule.on(engine, new RenderPool(renderThread)), logger);
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

/** An application on this server's adapter that does not listen yet. */
export async function createApplication(
  module: DynamicModule,
  logger: LoggerService | false,
): Promise<INestApplication> {
  const options = { bodyParser: false, abortOnError: false, logger };
  const app = await NestFactory.create(module, new ReplyAdapter(), options);
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
