import { setTimeout } from 'node:timers/promises';
import { Controller, Headers, Inject } from '@nestjs/common';
import { allTimeInDoubt } from '../../queries/time-in-doubt.js';
import { Engine } from '../../recording/engine.js';
import { zoneOf } from '../../recording/time-zone.js';
import type { EventStore } from '../../store/event-store.js';
import { diskIsFull } from '../../store/sqlite/sqlite-errors.js';
import { StoreError } from '../../store/store-error.js';
import type { Refusal } from '../../study/refusal.js';
import { LedgerMetrics } from '../metrics/ledger-metrics.js';
import { PROMETHEUS } from '../metrics/prometheus.js';
import { apiPage } from '../openapi/api-page.js';
import { openApiDocument } from '../openapi/openapi.js';
import { ASSETS } from '../pages/assets.js';
import { PAGE_HEADERS } from '../pages/page-headers.js';
import { Callers, type Caller } from '../platform/caller.js';
import { From } from '../platform/caller.guard.js';
import { JSON_MEDIA, Reply, jsonReply } from '../platform/reply.js';
import { Read } from '../routes/route.decorators.js';
import { SITE } from '../routes/all-routes.js';

/** A supervisor waits for seconds at most and then restarts the process, which would not help a cluster. */
const FACTS_MS = 1_000;
const READY_MS = 3_000;

/** What the server says about itself: the page for people, the document for programs, and whether it is well. */
@Controller()
export class SiteController {
  private readonly openapi = JSON.stringify(openApiDocument(), null, 2);
  private readonly pages = new Map<string, string>();

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(LedgerMetrics) private readonly numbers: LedgerMetrics,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Read(SITE.docs)
  docs(@Headers('host') host: string): Reply {
    const origin = this.callers.originAt(host);
    let html = this.pages.get(origin);
    if (html === undefined) {
      this.pages.clear();
      this.pages.set(origin, (html = this.apiPage(origin)));
    }
    return new Reply(200, PAGE_HEADERS, html);
  }

  private apiPage(origin: string): string {
    const { facility, simulated } = this.engine.labNow;
    return apiPage(origin, { facility, simulated, icon: ASSETS.icon.path, style: ASSETS.style.path });
  }

  @Read(SITE.openapi)
  document(): Reply {
    return new Reply(200, { 'Content-Type': JSON_MEDIA }, this.openapi);
  }

  /** That the process lives, and for those who may know it what it serves. It stays 200 when the store is away: restarting would not help. */
  @Read(SITE.health)
  async health(@From() caller: Caller): Promise<Reply> {
    const facts = this.callers.isReader(caller) ? { ...(await this.facts()), ...(await this.doubts()) } : {};
    return jsonReply({ status: 'ok', store: storeName(this.engine.store), ...facts });
  }

  /** Whether a command sent now could be recorded: the store answers and has space, and nothing has stopped recording. */
  @Read(SITE.ready)
  async ready(@From() caller: Caller): Promise<Reply | Refusal> {
    const { store, damaged } = this.engine;
    const labTreeSize = await within(READY_MS, store.size('lab'));
    const stopped = await within(READY_MS, this.engine.refusal());
    if (stopped) return stopped;
    if (store.folder !== undefined && diskIsFull(store.folder))
      throw new StoreError('full', `No space is left for ${store.folder}.`);
    const facts = { labTreeSize, ...(damaged.length > 0 && { damaged }) };
    return jsonReply({ status: 'ready', ...(this.callers.isReader(caller) && facts) });
  }

  /** It answers while the store is away. */
  @Read(SITE.metrics)
  async metrics(): Promise<Reply> {
    const isUp = await within(FACTS_MS, this.engine.store.size('lab')).then(
      () => true,
      () => false,
    );
    const isRecording =
      isUp &&
      (await within(FACTS_MS, this.engine.refusal()).then(
        (stopped) => !stopped,
        () => false,
      ));
    return new Reply(200, { 'Content-Type': PROMETHEUS }, this.numbers.text(isUp, isRecording));
  }

  /** Left out while it takes too long to find them. */
  private async doubts(): Promise<object> {
    const timeInDoubt = await within(FACTS_MS, allTimeInDoubt(this.engine)).catch(() => []);
    return timeInDoubt.length > 0 ? { timeInDoubt } : {};
  }

  private async facts(): Promise<object> {
    try {
      const lab = await within(FACTS_MS, this.engine.lab());
      const { facility, simulated, studies, size } = lab;
      const anchoring = this.engine.watch.status(this.engine.labNow);
      return {
        facility,
        simulated,
        timeZone: zoneOf(lab),
        studies: studies.size,
        labTreeSize: size,
        ...(anchoring && { anchoring }),
      };
    } catch {
      return {};
    }
  }
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(ms, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new StoreError('unavailable', `The store did not answer within ${ms} ms.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

/** `SqliteStore` → `sqlite`. */
function storeName(store: EventStore): string {
  return store.constructor.name.replace(/Store$/, '').toLowerCase();
}
