import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { v4 } from 'uuid';
import { isStoreError, type StoreError } from '../../store/store-error.js';
import { problemReply } from './problem-reply.js';
import { Problem } from './problems.js';
import type { Reply } from './reply.js';

const RETRY = { 'Retry-After': '2' };
const SAME_KEY = 'Send the same command again with the same Idempotency-Key';

/** Every error that reaches the edge becomes a problem document here, and nothing else of it leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<IncomingMessage>();
    const response = host.switchToHttp().getResponse<ServerResponse>();
    // An answer under way is broken off, so that nobody takes it for complete.
    if (response.headersSent) response.destroy();
    else this.host.httpAdapter.reply(response, this.replyTo(request, error));
  }

  private replyTo(request: IncomingMessage, error: unknown): Reply {
    const problem = problemOf(error);
    if (!problem) return this.unexpected(error, request);
    if (isStoreError(error)) this.logger.warn({ store: error.code, message: error.message });
    return problemReply(request, problem);
  }

  /** The error goes to the log, its number to the client: a message or a stack could hold what is nobody's business. */
  private unexpected(error: unknown, request: IncomingMessage): Reply {
    const id = v4();
    const { method, url = '' } = request;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error({ message: 'unexpected error', id, method, url: url.slice(0, 400), stack });
    const detail = `Internal error: report reference ${id} to the administrator.`;
    return problemReply(request, { code: 'internal-error', detail }, `urn:uuid:${id}`);
  }
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (isStoreError(error)) return ofStore(error);
  return undefined;
}

/** What somebody can do about it by waiting, freeing space or repeating. Damage is named; the rest is a fault: 500. */
function ofStore({ code, message }: StoreError): Problem | undefined {
  switch (code) {
    case 'unknown-outcome': {
      const detail = `It is not known whether this was recorded. ${SAME_KEY}: it is recorded once.`;
      return new Problem('outcome-unknown', detail, undefined, RETRY);
    }
    case 'denied':
    case 'unavailable': {
      const detail = `The store cannot be reached, and nothing was recorded. ${SAME_KEY} in a while.`;
      return new Problem('store-unavailable', detail, undefined, RETRY);
    }
    case 'full': {
      const detail = `There is no space left, and nothing was recorded. Free some. ${SAME_KEY} then.`;
      return new Problem('store-full', detail, undefined, { 'Retry-After': '60' });
    }
    case 'locked':
    case 'read-only': {
      const detail =
        'Another process writes this ledger, and nothing was recorded. Send the command to that one.';
      return new Problem('store-locked', detail, undefined, RETRY);
    }
    case 'closed': {
      const detail = `The server is stopping, and nothing was recorded. ${SAME_KEY} when it is back.`;
      return new Problem('shutting-down', detail, undefined, RETRY);
    }
    case 'integrity':
      return new Problem('store-integrity', message);
    default:
      return undefined;
  }
}
