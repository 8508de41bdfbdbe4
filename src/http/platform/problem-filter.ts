import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { v4 } from 'uuid';
import { isStoreError, type StoreError } from '../../store/store-error.js';
import { sendProblem } from './answer.js';
import { tooLarge } from './gate.js';
import { Problem } from './problems.js';

const RETRY = { 'Retry-After': '2' };
const SAME_KEY = 'Send the same command again with the same Idempotency-Key';

/** Every error that reaches the edge becomes a problem document here, and nothing else of it leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = problemOf(error);
    if (!problem) return this.unexpected(error, request, response);
    if (isStoreError(error)) this.logger.warn({ store: error.code, message: error.message });
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    sendProblem(request, response, problem);
  }

  /** The error goes to the log, its number to the client: a message or a stack could hold what is nobody's business. */
  private unexpected(error: unknown, request: Request, response: Response): void {
    const id = v4();
    const { method, originalUrl } = request;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error({ message: 'unexpected error', id, method, url: originalUrl.slice(0, 400), stack });
    const detail = `Something went wrong here that should not. Tell who runs this server: ${id}.`;
    sendProblem(request, response, { code: 'internal-error', detail }, `urn:uuid:${id}`);
  }
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (isStoreError(error)) return ofStore(error);
  if (error instanceof HttpException) return ofHttp(error);
  return undefined;
}

/** What somebody can do about it by waiting, freeing space or repeating. The rest is damage or a fault: 500. */
function ofStore({ code }: StoreError): Problem | undefined {
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
    default:
      return undefined;
  }
}

/** What the body parser and the router say, which Nest hands on with the original as cause. */
function ofHttp(error: HttpException): Problem | undefined {
  const cause = error.cause as { type?: string } | undefined;
  switch (cause?.type) {
    case 'entity.parse.failed':
      return new Problem(
        'body-malformed',
        'The body is not JSON, or not an object: check commas, quotes and braces.',
      );
    case 'entity.verify.failed':
      return new Problem('body-malformed', 'The body is not UTF-8: encode it again.');
    case 'entity.too.large':
      return tooLarge();
    case 'encoding.unsupported':
      return new Problem('content-type-unsupported', 'Send the body uncompressed.', 'Content-Encoding');
    case 'charset.unsupported':
      return new Problem('content-type-unsupported', 'Send the body as UTF-8.', 'Content-Type');
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('request-malformed', 'The body ended before its length: send it again.');
    default:
      return error.getStatus() < 500
        ? new Problem('request-malformed', 'This request cannot be read.')
        : undefined;
  }
}
