/** Whether the last request had no answer, or the browser has said since that there is no connection. */
let isInDoubt = false;

export function watchConnection(): void {
  noteAnswer(navigator.onLine);
  addEventListener('offline', () => noteAnswer(false));
}

export function isConnectionInDoubt(): boolean {
  return isInDoubt;
}

/** @param isThere whether what answered is the server */
export function noteAnswer(isThere: boolean): void {
  isInDoubt = !isThere;
}

/** How long the server is waited for before a page is left, ms. */
const ANSWERING_MS = 2_000;

/**
 * Whether the server can be reached now. An answer that it is not well is one all the same; a page of a network that wants a
 * sign-in of its own is none, nor is that of a proxy.
 */
export async function isAnswering(): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWERING_MS);
  const isThere = await fetch('/health', { cache: 'no-store', signal }).then(isOfServer, () => false);
  noteAnswer(isThere);
  return isThere;
}

/** A proxy or a network that wants a sign-in of its own answers with a page, or leads to one, where the server does not. */
export function isOfServer({ status, headers, redirected }: Response): boolean {
  const isJson = /^application\/(problem\+)?json/.test(headers.get('Content-Type') ?? '');
  return isJson && !redirected && status !== 502 && status !== 504;
}

/** The feed of a page breaks off as soon as the connection does. */
export function followConnection(feed: EventSource): void {
  feed.addEventListener('open', () => noteAnswer(true));
  feed.addEventListener('error', () => void isAnswering());
  addEventListener('pagehide', () => feed.close());
}
