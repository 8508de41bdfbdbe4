import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { isStoreError } from '../../store/store-error.js';
import { PROBLEM_JSON, instanceOf, problemDocument } from './problems.js';
import { SITE } from '../reads/routes.js';

const AGAIN_MS = 1000;

/**
 * Opens what lies on a cluster, however long that takes: a server that is started beside its store need not be started
 * again after it. Until then this port says that the process lives, that it is not ready, and when to come back.
 */
export async function onceStoreAnswers<T>(
  open: () => Promise<T>,
  { port, host = '127.0.0.1' }: { port: number; host?: string },
  report: (message: string) => void,
): Promise<T> {
  let leave = async (): Promise<void> => undefined;
  for (let isFirst = true; ; isFirst = false) {
    try {
      const opened = await open();
      await leave();
      return opened;
    } catch (error) {
      if (!isStoreError(error, 'unavailable')) {
        await leave();
        throw error;
      }
      if (isFirst) {
        report(`${error.message} Trying again until it does.`);
        leave = await waitingRoom(port, host);
      }
      await setTimeout(AGAIN_MS);
    }
  }
}

/** Answers what it is given to close it. */
async function waitingRoom(port: number, host: string): Promise<() => Promise<void>> {
  const server = createServer(answer);
  server.listen(port, host);
  await once(server, 'listening');
  return async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
}

function answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  if (url === SITE.health) {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ status: 'ok', store: 'not reached yet' }));
    return;
  }
  const detail = 'The store has not answered since this server was started; nothing was recorded. Come back.';
  const problem = problemDocument({ code: 'store-unavailable', detail }, instanceOf(url));
  response.writeHead(problem.status, { 'Content-Type': PROBLEM_JSON, 'Retry-After': '2' });
  response.end(JSON.stringify(problem));
}
