import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { send, sendProblem } from './answer.js';
import { PROBLEM_JSON, Problem, instanceOf, problemDocument } from './problems.js';
import { allowedAt } from '../reads/routes.js';

export const MAX_BODY_BYTES = 256 * 1024;

/** Every answer is text of this server and of nobody else; the page needs one stylesheet and no script. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;
const HEADER_LIST = Object.entries(HEADERS);

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i;
const JSON_TYPE = /^application\/json[\t ]*(;[\t ]*charset="?utf-8"?[\t ]*)?$/i;

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** In front of the router, which breaks on targets that Node lets through, such as `http://[`: only paths go on. */
export function pathsOnly(next: Listener): Listener {
  return (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/')) return next(request, response);
    for (const [name, value] of HEADER_LIST) response.setHeader(name, value);
    const { code, detail } = pathInvalid();
    const document = problemDocument({ code, detail }, instanceOf(url));
    send(response, document.status, PROBLEM_JSON, JSON.stringify(document));
  };
}

/**
 * The first of the application that sees a request. A page that somebody has open in a browser on this machine can send requests
 * here; what it cannot do is choose the Host, hide its Origin, or post JSON without asking first. So a Host that is not
 * this machine (DNS rebinding), an Origin that is not this server and a body that a form could post are turned away.
 */
export function gate(request: Request, response: Response, next: NextFunction): void {
  for (const [name, value] of HEADER_LIST) response.setHeader(name, value);
  const problem = whatIsWrong(request);
  if (!problem) return next();
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  sendProblem(request, response, problem);
}

function whatIsWrong({ method, originalUrl, headers }: Request): Problem | undefined {
  const { host = '', origin } = headers;
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
  const path = originalUrl.split('?', 1)[0] ?? '';
  if (path.includes('#') || !isDecodable(path)) {
    return pathInvalid();
  }
  const allow = allowedAt(path);
  if (allow === undefined) {
    return new Problem('route-unknown', 'There is nothing at this address; / lists what there is.');
  }
  if (!allow.split(', ').includes(method)) {
    return new Problem('method-not-allowed', `This address takes ${allow}.`, undefined, { Allow: allow });
  }
  if (method !== 'POST') return undefined;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    const detail = 'Send the body as JSON, with Content-Type: application/json.';
    return new Problem('content-type-unsupported', detail, 'Content-Type', { Accept: 'application/json' });
  }
  // Said at once: the body parser would read all of it before it says so.
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge();
  return undefined;
}

function pathInvalid(): Problem {
  return new Problem('path-invalid', 'The path is not percent-encoded UTF-8 that begins with a slash.');
}

export function tooLarge(): Problem {
  return new Problem('body-too-large', 'A body takes at most 256 KiB: shorten the text.');
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** How bodies are parsed: once, and only what a command can be. Compressed ones are refused, so none can unpack. */
export const JSON_OPTIONS = {
  limit: MAX_BODY_BYTES,
  strict: true,
  inflate: false,
  /** A decoder would put U+FFFD where bytes are not UTF-8, and the record would hold what nobody sent. */
  verify(_request: IncomingMessage, _response: ServerResponse, bytes: Buffer): void {
    if (!isUtf8(bytes)) throw new Error('not UTF-8');
  },
};
