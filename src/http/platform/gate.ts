import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemReply } from './problem-reply.js';
import { Problem } from './problems.js';
import type { Reply } from './reply.js';

/** Every answer is data of this server and belongs to nobody else; the page needs one stylesheet and no script. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
const HEADER_LIST = Object.entries(SECURITY_HEADERS);

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i;

/**
 * The first to see a request, before the router. A page that is open in a browser on this machine can send requests
 * here. It cannot choose the Host, hide its Origin, or post JSON without asking first. So refused are a Host that is not
 * this machine (DNS rebinding), an Origin that is not this server and, in `json-body.ts`, a body that a form could post.
 * A target that is no path is refused here because the router breaks on some, such as `http://[`.
 */
export function admit(request: IncomingMessage, response: ServerResponse): Reply | undefined {
  for (const [name, value] of HEADER_LIST) response.setHeader(name, value);
  const problem = findProblem(request);
  return problem && problemReply(request, problem);
}

function findProblem({ url = '', headers }: IncomingMessage): Problem | undefined {
  const { host = '', origin } = headers;
  const [path = ''] = url.split('?', 1);
  if (!path.startsWith('/')) return pathInvalid();
  if (!LOCAL_HOST.test(host)) {
    return new Problem(
      'host-refused',
      'This server answers to localhost only: use that name in the address.',
      'Host',
    );
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return new Problem('origin-refused', 'Pages of other sites may not use this server.', 'Origin');
  }
  return path.includes('#') || !isDecodable(path) ? pathInvalid() : undefined;
}

function pathInvalid(): Problem {
  return new Problem('path-invalid', 'The path is not percent-encoded UTF-8 that begins with a slash.');
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
