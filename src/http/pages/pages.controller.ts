import { Controller, Get, Inject, Post, Req, type Type } from '@nestjs/common';
import type { BenchPage, LedgerPage, StudyPage } from '../../console/page.js';
import { PAGES } from '../../console/pages.js';
import { Engine } from '../../recording/engine.js';
import type { Refusal } from '../../study/refusal.js';
import { STUDY_READERS } from '../../study/who.js';
import { CommandDesk } from '../commands/command-desk.js';
import { Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import type { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { BenchShow } from './bench-show.js';
import { FormTaker } from './form-taker.js';
import { PageShow } from './page-show.js';

/** A controller a page, from the catalogue. */
export function pageControllers(): Type[] {
  return PAGES.filter((page) => !('hasController' in page)).map((page) =>
    page.of === 'bench' ? benchController(page) : readController(page),
  );
}

function readController(page: StudyPage | LedgerPage): Type {
  const readers = page.of === 'study' ? { study: STUDY_READERS } : page.readers;
  @Controller()
  class PageController {
    private readonly show: PageShow;
    private readonly forms: FormTaker;

    constructor(
      @Inject(Engine) engine: Engine,
      @Inject(Callers) private readonly callers: Callers,
      @Inject(CommandDesk) desk: CommandDesk,
    ) {
      this.show = new PageShow(engine, page);
      this.forms = new FormTaker(desk);
    }

    @Get(page.path)
    @AskedBy(readers)
    get(@Req() request: RoutedRequest, @From() caller: Caller): Promise<Reply> {
      return this.show.reply(request, this.callers.reader(caller));
    }

    @(page.of === 'ledger' && page.send ? Post(page.path) : UNROUTED)
    @AskedBy(readers)
    post(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply | Refusal> {
      return this.show.post(request, caller, this.callers.reader(caller), this.forms);
    }
  }
  return PageController;
}

function benchController(page: BenchPage): Type {
  @Controller()
  class BenchController {
    private readonly show: BenchShow;

    constructor(
      @Inject(Engine) engine: Engine,
      @Inject(Callers) private readonly callers: Callers,
      @Inject(CommandDesk) desk: CommandDesk,
    ) {
      this.show = new BenchShow(engine, page, new FormTaker(desk));
    }

    @Get(page.path)
    @AskedBy({ study: STUDY_READERS })
    get(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply> {
      return this.show.get(request, this.callers.reader(caller));
    }

    /** Who may record what it says, the command decides. */
    @(page.send ? Post(page.path) : UNROUTED)
    @AskedBy({ study: STUDY_READERS })
    post(@Req() request: CalledRequest, @From() caller: Caller): Promise<Reply | Refusal> {
      return this.show.post(request, caller, this.callers.reader(caller));
    }
  }
  return BenchController;
}

/** Of a page without a form. */
const UNROUTED: MethodDecorator = () => undefined;
