import { All, Controller, Req } from '@nestjs/common';
import { instanceOf, Problem } from '../platform/problems.js';
import { ALLOWED } from './all-routes.js';
import { API } from './api-prefix.js';

/** Where the addresses of version 0.2 began, which had no prefix. */
const MOVED = /^\/(studies|feed|welfare|lab|access|openapi\.json)(\/|$)/;

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
    const path = instanceOf(url);
    throw new Problem('route-unknown', MOVED.test(path) ? movedTo(path) : UNKNOWN);
  }
}

const UNKNOWN = 'There is nothing at this address: see the list at /api.';

function movedTo(path: string): string {
  return `The interface for programs is below ${API}: ask for ${API}${path}.`;
}
