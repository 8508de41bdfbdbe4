import { Controller, Get, Inject, Req, type Type } from '@nestjs/common';
import { PAGES } from '../../console/pages.js';
import { Engine } from '../../recording/engine.js';
import { STUDY_READERS } from '../../study/who.js';
import { Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From } from '../platform/caller.guard.js';
import type { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { PageShow } from './page-show.js';

/** A controller a page, from the catalogue. */
export function pageControllers(): Type[] {
  return PAGES.map((page) => {
    @Controller()
    class PageController {
      private readonly show: PageShow;

      constructor(
        @Inject(Engine) engine: Engine,
        @Inject(Callers) private readonly callers: Callers,
      ) {
        this.show = new PageShow(engine, page);
      }

      @Get(page.path)
      @AskedBy(page.of === 'study' ? { study: STUDY_READERS } : page.readers)
      get(@Req() request: RoutedRequest, @From() caller: Caller): Promise<Reply> {
        return this.show.reply(request, this.callers.reader(caller));
      }
    }
    return PageController;
  });
}
