import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemReply } from './problem-reply.js';
import { Problem } from './problems.js';
import type { Reply } from './reply.js';

/** No other site may read, frame or cache an answer. The page needs one stylesheet and no script. */
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
 * Checks every request before the router sees it. A page that is open in a browser on this machine can send requests
 * here, but it cannot choose the Host, hide its Origin, or post JSON without a preflight. So a Host that is not this
 * machine (DNS rebinding) and an Origin that is not this server are refused, as is, in `json-body.ts`, a body that a form
 * could post. A target that is not a path is refused because the router fails on some, such as `http://[`.
 * @returns the refusal, if there is one.
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
      'This server answers to localhost only: use localhost in the address.',
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
