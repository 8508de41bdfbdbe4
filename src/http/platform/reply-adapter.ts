import { createServer, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { admit } from './gate.js';
import type { Reply } from './reply.js';
import { writeReply } from './write-reply.js';

/** Express under Nest, with the gate in front of its router and one way in which an answer is sent. */
export class ReplyAdapter extends ExpressAdapter {
  private isClosing = false;

  constructor() {
    super();
    this.disable('x-powered-by');
    // Letters in the other case or a slash too many are another address. Nest makes the router before it lets anybody
    // set options of Express, so they are set on the router.
    const { router } = this.getInstance<{ router: object }>();
    Object.assign(router, { strict: true, caseSensitive: true });
  }

  override initHttpServer(): void {
    const route = this.getInstance<(request: unknown, response: unknown) => void>();
    this.httpServer = createServer((request, response) => {
      const refusal = admit(request, response);
      if (refusal) void this.reply(response, refusal);
      else route(request, response);
    });
  }

  override reply(response: ServerResponse, reply: Reply): Promise<void> {
    // A client that is not told sends its next command on a connection that is being closed, and cannot tell whether it
    // was recorded.
    if (this.isClosing) response.setHeader('Connection', 'close');
    return writeReply(response, reply);
  }

  override beforeClose(): void {
    super.beforeClose();
    this.isClosing = true;
  }
}
