import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.js';
import { Stream } from './stream.js';

/** Sends an answer. It resolves when the whole of it has been handed to the connection. */
export async function writeReply(response: ServerResponse, { status, headers, body }: Reply): Promise<void> {
  if (body instanceof Stream) {
    response.writeHead(status, headers);
    await body.sendTo(response);
  } else if (status === 304) {
    response.writeHead(status, headers).end();
  } else {
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
  }
}
