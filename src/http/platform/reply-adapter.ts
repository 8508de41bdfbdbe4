import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { isPeer, type Served } from './admission.js';
import { admit } from './admit-request.js';
import type { Requests } from './requests.js';
import { problemReply } from './problem-reply.js';
import type { ProblemParts } from './problems.js';
import type { Reply } from './reply.js';
import { writeReply } from './write-reply.js';

interface Router {
  (request: IncomingMessage, response: ServerResponse, done: (error?: Error) => void): void;
  strict: boolean;
  caseSensitive: boolean;
}

const UNKNOWN_EXPECTATION: ProblemParts = {
  code: 'expectation-failed',
  detail: 'The only expectation that is met is 100-continue: leave the header out.',
  field: 'Expect',
};

/**
 * The router of Express under Nest, with the gate in front of it and one way in which an answer is sent. The router is
 * called without Express around it: that would change the prototype of every request and response, which costs a command
 * a third of its processor time (decision 0019). So handlers see Node's own requests, with `params`.
 */
export class ReplyAdapter extends ExpressAdapter {
  private isClosing = false;
  /** Set before it listens. */
  requests: Requests | undefined;

  constructor(private readonly served: () => Served) {
    super();
  }

  override initHttpServer(): void {
    const { router } = this.getInstance<{ router: Router }>();
    // Letters in the other case or a slash too many are another address.
    Object.assign(router, { strict: true, caseSensitive: true });
    this.httpServer = createServer((request, response) => {
      this.requests?.follow(request, response);
      const pass = (): void => router(request, response, (error) => response.destroy(error));
      const refusal = admit(request, response, this.served());
      if (refusal) void this.judgeAgain(request, response, refusal, pass);
      else pass();
    });
    const { behindProxy } = this.served();
    if (behindProxy !== undefined)
      this.httpServer.on('connection', (socket) => {
        if (!isPeer(socket.remoteAddress, behindProxy)) socket.destroy();
      });
    // Node answers this by itself, without the security headers.
    this.httpServer.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      const refusal = admit(request, response, this.served()) ?? problemReply(request, UNKNOWN_EXPECTATION);
      void this.reply(response, refusal);
    });
  }

  /** Another process may have configured a site just now. */
  private async judgeAgain(
    request: IncomingMessage,
    response: ServerResponse,
    first: Reply,
    pass: () => void,
  ): Promise<void> {
    const { readOn } = this.served();
    await readOn?.();
    const refusal = readOn ? admit(request, response, this.served()) : first;
    if (refusal) await this.reply(response, refusal);
    else pass();
  }

  override status(response: ServerResponse, code: number): void {
    response.statusCode = code;
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
