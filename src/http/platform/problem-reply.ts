import type { IncomingMessage } from 'node:http';
import { renderProblem } from '../../console/problem.js';
import { VERSION } from '../../shared/version.js';
import { ASSETS } from '../pages/assets.js';
import { PAGE_HEADERS } from '../pages/page-headers.js';
import { API } from '../../shared/api-prefix.js';
import { PROBLEM_JSON, instanceOf, problemDocument, type ProblemParts } from './problems.js';
import { Reply } from './reply.js';

/** The address of a page below that of a study. */
const IN_STUDY = /^\/studies\/([A-Z0-9-]{1,40})[/?]/;

/**
 * A problem document (RFC 9457) as the answer to a request; `instance` is the request's path where left out. A browser
 * that asks for a page gets it as a page.
 */
export function problemReply(
  { url = '', headers: { accept = '' } }: IncomingMessage,
  problem: ProblemParts,
  instance = instanceOf(url),
): Reply {
  const document = problemDocument(problem, instance);
  if (accept.includes('text/html') && !url.startsWith(`${API}/`)) {
    const assets = { icon: ASSETS.icon.path, style: ASSETS.style.path };
    const study = IN_STUDY.exec(url)?.[1];
    const html = renderProblem(document, study, { ...assets, version: VERSION });
    return new Reply(document.status, { ...problem.headers, ...PAGE_HEADERS }, html);
  }
  const headers = { ...problem.headers, 'Content-Type': PROBLEM_JSON };
  return new Reply(document.status, headers, JSON.stringify(document));
}
