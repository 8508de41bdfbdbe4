import { Controller, Get, Inject, Req, type Type } from '@nestjs/common';
import { PAGES } from '../../console/pages.js';
import { Engine } from '../../recording/engine.js';
import type { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { PageShow } from './page-show.js';

/** A controller a page, from the catalogue. */
export function pageControllers(): Type[] {
  return PAGES.map((page) => {
    @Controller()
    class PageController {
      private readonly show: PageShow;

      constructor(@Inject(Engine) engine: Engine) {
        this.show = new PageShow(engine, page);
      }

      @Get(page.path)
      get(@Req() request: RoutedRequest): Promise<Reply> {
        return this.show.reply(request);
      }
    }
    return PageController;
  });
}
