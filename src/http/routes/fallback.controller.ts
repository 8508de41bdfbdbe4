import { All, Controller, Req } from '@nestjs/common';
import { AskedBy } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import { ALLOWED, isPage } from './all-routes.js';
import { movedTo } from './moved.js';

/** Registered last, so it gets the requests that no other handler takes. */
@Controller()
export class FallbackController {
  @All([...ALLOWED.keys()])
  @AskedBy('anyone')
  refuseMethod(@Req() { route }: { readonly route: { readonly path: string } }): never {
    const allow = ALLOWED.get(route.path) ?? '';
    throw new Problem('method-not-allowed', `This address takes ${allow}.`, undefined, { Allow: allow });
  }

  @All('*path')
  @AskedBy('anyone')
  refusePath(@Req() { url }: { readonly url: string }): Reply {
    // A page with a slash too many. Only what is known here: `//elsewhere/` would lead away.
    const [, path, query = ''] = /^([^?]+)\/(\?.*)?$/.exec(url) ?? [];
    if (path !== undefined && isPage(path)) return new Reply(308, { Location: `${path}${query}` }, '');
    throw new Problem('route-unknown', movedTo(url));
  }
}
