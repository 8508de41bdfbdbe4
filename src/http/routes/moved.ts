import { instanceOf } from '../platform/problems.js';
import { isAddress } from './all-routes.js';
import { API } from '../../shared/api-prefix.js';

/** Where the addresses of version 0.2 began, which had no prefix. */
const MOVED = /^\/(studies|feed|welfare|lab|access|openapi\.json)(\/|$)/;

const UNKNOWN = 'There is no page at this address. The addresses for programs are listed at /api.';

/** What is said at an address where a program finds nothing: where it is now, if it is one of version 0.2. */
export function movedTo(url: string): string {
  const path = instanceOf(url);
  return MOVED.test(path) && isAddress(`${API}${path}`)
    ? `There is no page at this address. The interface for programs is below ${API}: for that, ask for ${API}${path}.`
    : UNKNOWN;
}
