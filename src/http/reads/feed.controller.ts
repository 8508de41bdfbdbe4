import { once } from 'node:events';
import { Controller, Get, Inject, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Engine } from '../../recording/engine.js';
import { Feed, type FeedPage, type FeedReading } from '../../queries/feed.js';
import { Refusal } from '../../study/refusal.js';
import { sendProblem } from '../platform/answer.js';
import { parametersOf } from './parameters.js';
import { Problem, refused } from '../platform/problems.js';
import { EVENT_STREAM, NDJSON, READS } from './routes.js';

type Media = typeof NDJSON | typeof EVENT_STREAM;

/** What is handed to the connection at a time; it is not asked for more before it has taken that. */
const CHUNK_CHARACTERS = 65_536;
const KEEP_ALIVE_MS = 15_000;

/** The feed, for programs that follow the studies. What a slow reader has not taken yet is not read yet. */
@Controller()
export class FeedController implements OnModuleDestroy {
  private readonly feed: Feed;
  private readonly following = new Set<Connection>();

  constructor(@Inject(Engine) engine: Engine) {
    this.feed = new Feed(engine);
  }

  @Get(READS.feed.path)
  async records(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { follow, cursor, ...selection } = parametersOf(request, READS.feed.parameters);
    const media = mediaOf(request);
    const reading = await this.feed.open({ ...selection, cursor: lastEventId(request) ?? cursor });
    if (reading instanceof Refusal) {
      if (reading.code === 'cursor-beyond-head') response.setHeader('Retry-After', '2');
      return sendProblem(request, response, refused(reading));
    }
    const follows = follow === undefined ? media === EVENT_STREAM : follow === 'true';
    response.writeHead(200, headersOf(media, reading, follows, request));
    response.flushHeaders();
    if (request.method === 'HEAD') return void response.end();
    const connection = new Connection(response, media);
    if (!follows) return connection.send(reading.pages());
    this.following.add(connection);
    try {
      await connection.send(reading.following());
    } finally {
      this.following.delete(connection);
    }
  }

  /**
   * Who follows would keep the server from closing for ever; they come back with their cursor. An answer that has an
   * end is not ended here: it would look whole.
   */
  onModuleDestroy(): void {
    for (const connection of this.following) connection.end();
  }
}

/** One answer under way. */
class Connection {
  private readonly over = new AbortController();
  private lastSentMs = performance.now();

  constructor(
    private readonly response: Response,
    private readonly media: Media,
  ) {
    response.once('close', () => this.over.abort());
    // A reader whose machine is gone says nothing; the kernel asks.
    response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  async send(pages: AsyncIterable<FeedPage>): Promise<void> {
    const { signal } = this.over;
    try {
      if (this.media === EVENT_STREAM) await this.write('retry: 2000\n\n');
      for await (const page of pages) {
        if (signal.aborted) return;
        for (const chunk of this.chunks(page)) await this.write(chunk);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    this.end();
  }

  end(): void {
    this.over.abort();
    this.response.end();
  }

  private *chunks({ records, cursor }: FeedPage): Generator<string> {
    let chunk = '';
    for (const { text, cursor: next } of records) {
      chunk += this.media === NDJSON ? ndjson(text, next) : `id: ${next}\ndata: ${text}\n\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
    // An id without data: nothing is delivered, and a reconnection goes on from here instead of searching again.
    else if (this.media === EVENT_STREAM && this.isQuiet()) yield `id: ${cursor}\n\n`;
  }

  private isQuiet(): boolean {
    return performance.now() - this.lastSentMs >= KEEP_ALIVE_MS;
  }

  private async write(chunk: string): Promise<void> {
    const { signal } = this.over;
    signal.throwIfAborted();
    this.lastSentMs = performance.now();
    if (!this.response.write(chunk)) await once(this.response, 'drain', { signal });
  }
}

/** The record as it was stored, with one attribute more at the end: without that, they are the bytes that were hashed. */
function ndjson(text: string, cursor: string): string {
  return `${text.slice(0, -1)},"feedcursor":"${cursor}"}\n`;
}

function mediaOf(request: Request): Media {
  const media = request.accepts([NDJSON, EVENT_STREAM]);
  if (media !== false) return media as Media;
  throw new Problem(
    'not-acceptable',
    `The feed comes as ${NDJSON} or as ${EVENT_STREAM}: accept one of them.`,
    'Accept',
  );
}

/** What a browser sends by itself when it connects again: newer than the cursor in its address. */
function lastEventId({ headers }: Request): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function headersOf(media: Media, reading: FeedReading, follows: boolean, { originalUrl }: Request) {
  return {
    'Content-Type': media,
    'Study-Ledger-Simulated': String(reading.simulated),
    ...(!follows && { Link: `<${addressAt(reading.end, originalUrl)}>; rel="next"` }),
  };
}

/** The same question from another place on. */
function addressAt(cursor: string, originalUrl: string): string {
  const url = new URL(originalUrl, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
