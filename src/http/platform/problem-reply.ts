import type { IncomingMessage } from 'node:http';
import { renderProblem } from '../../console/problem.js';
import { VERSION } from '../../shared/version.js';
import { ASSETS } from '../pages/assets.js';
import { PAGE_HEADERS } from '../pages/page-headers.js';
import type { SignedInAs } from '../../console/parts/who.js';
import type { Place } from '../../console/render.js';
import type { Lab } from '../../lab/lab.js';
import { API } from '../../shared/api-prefix.js';
import { NotYetThere, PROBLEM_JSON, instanceOf, problemDocument, type ProblemParts } from './problems.js';
import { noteProblem } from './requests.js';
import { Reply } from './reply.js';

/** The address of a page below that of a study. */
const IN_STUDY = /^\/studies\/([A-Z0-9-]{1,40})(?:[/?]|$)/;

/**
 * A problem document (RFC 9457) as the answer to a request; `instance` is the request's path where left out. A browser
 * that asks for a page gets it as a page, which shows the ledger and the study where `lab` is given.
 */
export function problemReply(
  request: IncomingMessage,
  problem: ProblemParts,
  {
    instance,
    lab,
    mayRead = () => false,
    who,
  }: {
    readonly instance?: string;
    readonly lab?: Lab;
    /** Of a study that the reader may not read, not even that it is there is shown. */
    readonly mayRead?: (study: string) => boolean;
    readonly who?: SignedInAs | undefined;
  } = {},
): Reply {
  noteProblem(request, problem);
  const {
    url = '',
    headers: { accept = '' },
  } = request;
  const document = problemDocument(problem, instance ?? instanceOf(url));
  if (accept.includes('text/html') && !url.startsWith(`${API}/`)) {
    if (document.status === 401)
      return new Reply(303, { Location: `/sign-in?next=${encodeURIComponent(url)}` }, '');
    const { facility, simulated } = lab ?? { facility: '', simulated: false };
    const html = renderProblem(
      document,
      lab && placeIn(lab, url, mayRead, problem.field),
      problem instanceof NotYetThere ? problem.thereFrom : undefined,
      {
        facility,
        simulated,
        who,
        icon: ASSETS.icon.path,
        style: ASSETS.style.path,
        scripts: [ASSETS.script('frame')].filter((script) => script !== undefined),
        version: VERSION,
      },
    );
    return new Reply(document.status, { ...problem.headers, ...PAGE_HEADERS }, html);
  }
  const headers = {
    ...problem.headers,
    ...(document.status === 401 && { 'WWW-Authenticate': 'Bearer realm="study-ledger"' }),
    'Content-Type': PROBLEM_JSON,
  };
  return new Reply(document.status, headers, JSON.stringify(document));
}

/** The study in the address, and where in it the reader was, unless that is what is wrong. */
function placeIn(
  { studies }: Lab,
  url: string,
  mayRead: (study: string) => boolean,
  wrong: string | undefined,
): Place | undefined {
  const code = IN_STUDY.exec(url)?.[1];
  if (code === undefined || !studies.has(code) || !mayRead(code)) return undefined;
  const query = new URLSearchParams(url.split('?', 2)[1]);
  const kept = (name: string): string | undefined =>
    wrong === 'at' || wrong === 'until' || wrong === 'on'
      ? undefined
      : query.get(name)?.replace(' ', '+') || undefined;
  return { code, at: kept('at'), until: kept('until') };
}
