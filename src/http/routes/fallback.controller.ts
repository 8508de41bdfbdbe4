import { All, Controller, Req } from '@nestjs/common';
import { Problem } from '../platform/problems.js';
import { ALLOWED } from './all-routes.js';
import { movedTo } from './moved.js';

/** Registered last, so it gets the requests that no other handler takes. */
@Controller()
export class FallbackController {
  @All([...ALLOWED.keys()])
  refuseMethod(@Req() { route }: { readonly route: { readonly path: string } }): never {
    const allow = ALLOWED.get(route.path) ?? '';
    throw new Problem('method-not-allowed', `This address takes ${allow}.`, undefined, { Allow: allow });
  }

  @All('*path')
  refusePath(@Req() { url }: { readonly url: string }): never {
    throw new Problem('route-unknown', movedTo(url));
  }
}
