import { Controller, Headers, Inject, Req, type OnModuleDestroy } from '@nestjs/common';
import { Feed, type FeedPage, type FeedReading } from '../../queries/feed.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import { Callers } from '../platform/caller.js';
import type { CalledRequest } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import { Stream } from '../platform/stream.js';
import { preferredMedia } from './accept.js';
import { eventChunks, lineChunks } from './feed-chunks.js';
import type { ParametersOf } from '../routes/parameters.js';
import { Parameters, Read } from '../routes/route.decorators.js';
import { EVENT_STREAM, NDJSON, READS } from '../routes/read-routes.js';

/** How many feeds are sent at a time. Each holds a page of records that its client has not taken yet. */
const MAX_FEEDS = 256;

/** The feed, for programs that follow the studies. */
@Controller()
export class FeedController implements OnModuleDestroy {
  private readonly feed: Feed;
  /** The feeds under way, and whether they follow. */
  private readonly open = new Map<Stream, boolean>();

  constructor(
    @Inject(Engine) engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
  ) {
    this.feed = new Feed(engine);
  }

  @Read(READS.feed)
  async records(
    @Req() request: CalledRequest,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Parameters() { follow, cursor, ...selection }: ParametersOf<typeof READS.feed>,
  ): Promise<Reply | Refusal> {
    const { url } = request;
    const media = preferredMedia(accept, [NDJSON, EVENT_STREAM]);
    if (!media) throw notAcceptable();
    // A browser that reconnects sends the id of its last event, which is newer than the cursor in its address.
    const reading = await this.feed.open({ ...selection, cursor: lastEventId || cursor });
    if (reading instanceof Refusal) {
      const { code, message, field } = reading;
      if (code === 'cursor-beyond-head') throw new Problem(code, message, field, { 'Retry-After': '2' });
      return reading;
    }
    const follows = follow === undefined ? media === EVENT_STREAM : follow === 'true';
    const chunks = media === NDJSON ? lineChunks : eventChunks;
    const pages = follows ? this.whileAdmitted(reading.following(), request) : reading.pages();
    const stream = new Stream((signal) => chunks(pages, signal));
    const reply = new Reply(200, headersOf(media, reading, follows, url), stream);
    // Last: what is kept is given back when its answer ends, so nothing may fail before there is one.
    this.keep(stream, follows);
    return reply;
  }

  /**
   * Streams that follow would keep the server from closing; their clients reconnect with their cursor. An answer that
   * has an end is not ended here: cut short, it would look complete.
   */
  onModuleDestroy(): void {
    for (const [stream, follows] of this.open) if (follows) stream.end();
  }

  /** A follower who may no longer read is sent away, and comes back as whoever it then is. */
  private async *whileAdmitted(
    pages: AsyncIterable<FeedPage>,
    { url, caller = DEVELOPMENT_IDENTITY }: CalledRequest,
  ): AsyncGenerator<FeedPage> {
    const asked = READS.feed.readers(url);
    for await (const page of pages) {
      if (!(await this.callers.stillAdmits(caller, asked))) return;
      yield page;
    }
  }

  private keep(stream: Stream, follows: boolean): void {
    if (this.open.size >= MAX_FEEDS) throw tooManyFeeds();
    this.open.set(stream, follows);
    stream.signal.addEventListener('abort', () => this.open.delete(stream));
  }
}

function tooManyFeeds(): Problem {
  const detail = `${MAX_FEEDS} feeds are open already: close one, or try again later.`;
  return new Problem('too-many-feeds', detail, undefined, { 'Retry-After': '30' });
}

function notAcceptable(): Problem {
  const detail = `The feed comes as ${NDJSON} or as ${EVENT_STREAM}: accept one of them.`;
  return new Problem('not-acceptable', detail, 'Accept');
}

function headersOf(
  media: string,
  reading: FeedReading,
  follows: boolean,
  url: string,
): Record<string, string> {
  return {
    'Content-Type': media,
    'Study-Ledger-Simulated': String(reading.simulated),
    'Study-Ledger-Left-Out': reading.leftOut.join(', ') || 'none',
    ...(!follows && { Link: `<${addressFrom(reading.end, url)}>; rel="next"` }),
  };
}

/** The same address with another cursor. */
function addressFrom(cursor: string, address: string): string {
  const url = new URL(address, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
