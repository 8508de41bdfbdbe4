import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { retry } from '../../shared/retry.js';
import { isStoreError } from '../../store/store-error.js';
import { SITE } from '../routes/all-routes.js';
import { EMPTY_LAB } from '../../lab/lab.js';
import { isPeer } from './admission.js';
import { admit } from './admit-request.js';
import { problemReply } from './problem-reply.js';
import { jsonReply, type Reply } from './reply.js';
import { writeReply } from './write-reply.js';

const PATIENCE = { pauseMs: 1000, giveUpMs: Infinity };

/**
 * Opens a ledger on a cluster, however long that takes: a server that is started before its store need not be started
 * again. Until then its port answers that it is starting, and when to come back.
 */
export async function onceStoreAnswers<T>(
  open: () => Promise<T>,
  { port, host = '127.0.0.1', behindProxy }: { port: number; host?: string; behindProxy?: string },
  report: (message: string) => void,
): Promise<T> {
  const leave = await openWaitingRoom(port, host, behindProxy);
  const attempt = async (number: number): Promise<T> => {
    try {
      return await open();
    } catch (error) {
      if (number === 0 && isStoreError(error, 'unavailable'))
        report(`${error.message} Trying again until it does.`);
      throw error;
    }
  };
  try {
    return await retry(attempt, (error) => isStoreError(error, 'unavailable'), PATIENCE);
  } finally {
    await leave();
  }
}

/** @returns a function that closes the port again. */
async function openWaitingRoom(
  port: number,
  host: string,
  behindProxy: string | undefined,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const served = { lab: EMPTY_LAB, nowMs: Date.now(), behindProxy };
    void writeReply(response, admit(request, response, served) ?? replyMeanwhile(request));
  });
  if (behindProxy !== undefined)
    server.on('connection', (socket) => {
      if (!isPeer(socket.remoteAddress, behindProxy)) socket.destroy();
    });
  server.listen(port, host);
  await once(server, 'listening');
  return async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
}

function replyMeanwhile(request: IncomingMessage): Reply {
  if (request.url === SITE.health.path) return jsonReply({ status: 'starting' });
  const detail =
    'The store has not answered since this server was started, and nothing was recorded: send it again in a while.';
  return problemReply(request, { code: 'store-unavailable', detail, headers: { 'Retry-After': '2' } });
}
