import { STATUS_CODES, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ConsoleLogger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../app.module.js';
import type { Engine } from '../../recording/engine.js';
import { FileMaker } from '../../exports/file-maker.js';
import { JSON_OPTIONS, gate, pathsOnly, type Listener } from './gate.js';
import { lastAnswersOf } from './last-answers.js';
import { ProblemFilter } from './problem-filter.js';
import { PROBLEM_JSON, problemDocument, type ProblemParts } from './problems.js';

export interface ServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host?: string;
  /** False for silence; JSON lines, of what somebody should look at, where left out. */
  readonly logger?: LoggerService | false;
  /** The thread that makes what takes seconds; where left out, such files are made in between. */
  readonly fileWorker?: URL;
  /** How long requests under way may still take once the server is told to stop. */
  readonly graceMs?: number;
}

export interface RunningServer {
  readonly url: string;
  /** Stops accepting, finishes what was asked, then closes the store. */
  close(): Promise<void>;
}

const HOSTS = ['127.0.0.1', '::1', 'localhost'];

/** Serves a ledger over HTTP. It resolves once requests are answered. */
export async function createServer(engine: Engine, options: ServerOptions): Promise<RunningServer> {
  const { port, host = '127.0.0.1', logger = quietLogger(), fileWorker, graceMs = 10_000 } = options;
  if (!HOSTS.includes(host)) {
    throw new Error(
      `Study Ledger listens on this machine only, not on ${host}: it has no accounts yet, and whoever reaches it can record. Leave the host out, or use 127.0.0.1.`,
    );
  }
  if ((await engine.lab()).size === 0)
    throw new Error('This store holds no ledger yet: initialise it first.');
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.on(engine, new FileMaker(fileWorker)),
    {
      bodyParser: false,
      abortOnError: false,
      logger,
    },
  );
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(gate);
  app.useBodyParser('json', JSON_OPTIONS);
  app.useGlobalFilters(new ProblemFilter());
  const server: Server = app.getHttpServer();
  const [application] = server.listeners('request') as Listener[];
  server.removeAllListeners('request').on('request', pathsOnly(application!));
  server.on('clientError', answerUnreadable);
  const lastAnswers = lastAnswersOf(server);
  await app.listen(port, host);
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(server.address() as AddressInfo),
    close() {
      lastAnswers();
      return (closing ??= shutDown(app, server, engine, graceMs));
    },
  };
}

function quietLogger(): LoggerService {
  return new ConsoleLogger({ json: true, logLevels: ['fatal', 'error', 'warn'] });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Connections that are kept alive are closed as they fall idle; those that never do are cut off after the grace. */
async function shutDown(
  app: NestExpressApplication,
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

/** What Node’s parser gives up on never becomes a request; it is answered by hand, in the same words. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // Where something was answered before, an answer may be under way, and this one would end up inside it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const document = problemDocument(UNREADABLE[error.code ?? ''] ?? NOT_HTTP, '/');
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const NOT_HTTP: ProblemParts = {
  code: 'request-malformed',
  detail: 'This is not an HTTP request that can be read.',
};
const UNREADABLE: Readonly<Record<string, ProblemParts>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers-too-large',
    detail: 'The address and the headers are longer than 16 KiB together: shorten them.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request-timeout',
    detail: 'The request took too long to arrive: send it again.',
  },
};
