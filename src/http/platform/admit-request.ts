import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseStranger, type Served } from './admission.js';
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

/**
 * Checks every request before the router sees it: where it was sent to and from, in `admission.ts`, and in `json-body.ts`
 * whether a form could have posted its body. A target that is not a path is refused because the router fails on some, such
 * as `http://[`.
 * @returns the refusal, if there is one.
 */
export function admit(request: IncomingMessage, response: ServerResponse, served: Served): Reply | undefined {
  for (const [name, value] of HEADER_LIST) response.setHeader(name, value);
  const problem = findProblem(request, served);
  return problem && problemReply(request, problem);
}

function findProblem(request: IncomingMessage, served: Served): Problem | undefined {
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (!path.startsWith('/')) return pathInvalid();
  const stranger = refuseStranger(request, served);
  if (stranger) return stranger;
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
