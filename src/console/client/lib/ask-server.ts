import { isOfServer, noteAnswer } from './connection.js';

/** The part of a problem document (RFC 9457) that a person is told. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

/** An answer that is no. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** How long a form waits for its answer. */
const PATIENCE_MS = 20_000;

/** How far the clock of the server is ahead of this device’s, as of its last answer. */
let aheadMs = 0;

/** The time of the server, ms. */
export function serverMs(): number {
  return Date.now() + aheadMs;
}

/** Finds out how far the clock of this device is off, before there is an answer to learn it from. */
export async function learnClock(): Promise<void> {
  await fetch('/health').then(
    (answer) => isOfServer(answer) && noteClock(answer),
    () => noteAnswer(false),
  );
}

function noteClock({ headers }: Response): void {
  const at = Date.parse(headers.get('Date') ?? '');
  if (!Number.isNaN(at)) aheadMs = at - Date.now();
}

/** The time of an instant of the server on the clock of this device, ms. */
export function hereMs(instant: string): number {
  return Date.parse(instant) - aheadMs;
}

/** On the document: the server has answered, so that the session goes on. */
export const ANSWERED = 'study-ledger-answered';

/** Sends JSON and returns the answer. @throws Refused; also where the server cannot be reached. */
export async function post<A = unknown>(address: string, body: object, key?: string): Promise<A> {
  return read<A>(() =>
    fetch(address, {
      method: 'POST',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      body: JSON.stringify(body),
    }),
  );
}

/** Sends a form as a browser does, and asks for the answer of the interface. @throws Refused, as `post`. */
export async function postForm<A = unknown>(address: string, pairs: URLSearchParams): Promise<A> {
  return read<A>(() =>
    fetch(address, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: pairs,
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
}

/** @throws Refused, as `post`. */
export async function get<A = unknown>(address: string): Promise<A> {
  return read<A>(() => fetch(address, { headers: { Accept: 'application/json' } }));
}

/** There is no answer, or none of the server: status 0. */
export function unreachable(): Refused {
  return new Refused({
    status: 0,
    code: 'unreachable',
    detail: 'The server does not answer. Nothing that you typed is lost: try again in a while.',
  });
}

/** What lies between would say so again. */
function tooLarge(): Refused {
  const detail = 'The network takes no entry of this size, so the server did not get it: shorten it.';
  return new Refused({ status: 413, code: 'too-large', detail });
}

async function read<A>(ask: () => Promise<Response>): Promise<A> {
  const response = await ask().catch(() => {
    noteAnswer(false);
    throw unreachable();
  });
  const { status } = response;
  const answer = (await response.json().catch(() => undefined)) as Partial<Problem> | null | undefined;
  const isThere = isOfServer(response) && (response.ok ? answer !== undefined : answer?.code !== undefined);
  noteAnswer(isThere);
  if (!isThere) throw status === 413 ? tooLarge() : unreachable();
  noteClock(response);
  if (response.ok) {
    document.dispatchEvent(new Event(ANSWERED));
    return answer as A;
  }
  throw new Refused({ code: '', detail: `The server answers with status ${status}.`, ...answer, status });
}
