import type { Server, ServerResponse } from 'node:http';

/**
 * Once its result is called, every answer says that its connection ends with it. A client that is not told sends its next
 * command on a connection that is closed at that moment, and cannot tell whether it was recorded.
 */
export function lastAnswersOf(server: Server): () => void {
  const underWay = new Set<ServerResponse>();
  let isStopping = false;
  server.prependListener('request', (_request, response) => {
    if (isStopping) response.setHeader('Connection', 'close');
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return () => {
    isStopping = true;
    for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
  };
}
