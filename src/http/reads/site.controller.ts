import { setTimeout } from 'node:timers/promises';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Engine } from '../../recording/engine.js';
import { timeZone } from '../../recording/time-zone.js';
import type { EventStore } from '../../store/event-store.js';
import { StoreError } from '../../store/store-error.js';
import { send, sendJson } from '../platform/answer.js';
import { openApiDocument } from '../openapi/openapi.js';
import { STYLE } from '../openapi/api-page-style.js';
import { page } from '../openapi/api-page.js';
import { parametersOf } from './parameters.js';
import { SITE } from './routes.js';

/** Whoever asks whether a process lives waits for seconds at most, and restarts it then, which helps no cluster. */
const FACTS_MS = 1_000;
const READY_MS = 3_000;

/** What the server says about itself: the page for people, the document for programs, and whether it is well. */
@Controller()
export class SiteController {
  private readonly openapi = JSON.stringify(openApiDocument(), null, 2);
  private readonly pages = new Map<string, string>();

  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get([SITE.home, SITE.docs])
  docs(@Req() request: Request, @Res() response: Response): void {
    parametersOf(request, []);
    const origin = `http://${request.headers.host ?? ''}`;
    let html = this.pages.get(origin);
    if (html === undefined) {
      this.pages.clear();
      this.pages.set(origin, (html = page(origin, this.engine.labNow)));
    }
    send(response, 200, 'text/html; charset=utf-8', html);
  }

  @Get(SITE.style)
  style(@Req() request: Request, @Res() response: Response): void {
    parametersOf(request, []);
    send(response, 200, 'text/css; charset=utf-8', STYLE);
  }

  @Get(SITE.openapi)
  document(@Req() request: Request, @Res() response: Response): void {
    parametersOf(request, []);
    send(response, 200, 'application/json', this.openapi);
  }

  /** That the process lives, and what it serves. It stays 200 when the store is away: restarting would not help. */
  @Get(SITE.health)
  async health(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, []);
    sendJson(response, 200, { status: 'ok', store: storeName(this.engine.store), ...(await this.facts()) });
  }

  /** Whether a command sent now could be recorded, as far as one read of the store can tell. */
  @Get(SITE.ready)
  async ready(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, []);
    const labTreeSize = await within(READY_MS, this.engine.store.size('lab'));
    sendJson(response, 200, { status: 'ready', labTreeSize });
  }

  private async facts(): Promise<object> {
    try {
      const { facility, simulated, studies, size } = await within(FACTS_MS, this.engine.lab());
      const anchoring = this.engine.anchorer?.standing();
      return {
        facility,
        simulated,
        timeZone: timeZone(),
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
