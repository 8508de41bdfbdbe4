import type { IncomingMessage } from 'node:http';
import { PROBLEM_JSON, instanceOf, problemDocument, type ProblemParts } from './problems.js';
import { Reply } from './reply.js';

/** A problem document (RFC 9457) as the answer to a request; `instance` is the request's path where left out. */
export function problemReply(
  { url = '' }: IncomingMessage,
  problem: ProblemParts,
  instance = instanceOf(url),
): Reply {
  const document = problemDocument(problem, instance);
  const headers = { ...problem.headers, 'Content-Type': PROBLEM_JSON };
  return new Reply(document.status, headers, JSON.stringify(document));
}
