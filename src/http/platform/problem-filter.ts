import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { v4 } from 'uuid';
import { Engine } from '../../recording/engine.js';
import { isStoreError, type StoreError } from '../../store/store-error.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { signedInAs } from '../../console/viewer.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import { Callers } from './caller.js';
import type { CalledRequest } from './caller.guard.js';
import { problemReply } from './problem-reply.js';
import { Problem, statusOf } from './problems.js';
import type { Reply } from './reply.js';

const RETRY = { 'Retry-After': '2' };
const SAME_KEY = 'Send the same command again with the same Idempotency-Key';

/** A request that the guard may have seen, or not. */
type Answered = IncomingMessage & Partial<Pick<CalledRequest, 'caller'>>;

/** Turns every error into a problem document. Nothing else of an error leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Answered>();
    const response = host.switchToHttp().getResponse<ServerResponse>();
    // An answer under way is broken off, so that nobody takes it for complete.
    if (response.headersSent) response.destroy();
    else this.host.httpAdapter.reply(response, this.replyTo(request, error));
  }

  private replyTo(request: Answered, error: unknown): Reply {
    const problem = problemOf(error);
    if (!problem) return this.unexpected(error, request);
    if (statusOf(problem.code) >= 500) {
      const { method } = request;
      const { message } = error as Error;
      this.logger.warn({ message, code: problem.code, method, route: routeOf(request) });
    }
    return problemReply(request, problem, this.ledgerFor(request));
  }

  /** The error goes to the log and its reference to the client: a message or a stack may hold what is not for clients. */
  private unexpected(error: unknown, request: Answered): Reply {
    const reference = v4();
    const { method } = request;
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error({ message: 'internal error', reference, method, route: routeOf(request), stack });
    const detail = `Internal error: report reference ${reference} to the administrator.`;
    const instance = `urn:uuid:${reference}`;
    return problemReply(
      request,
      { code: 'internal-error', detail },
      { instance, ...this.ledgerFor(request) },
    );
  }

  /** What a page that is refused shows all the same. */
  private ledgerFor({ caller = DEVELOPMENT_IDENTITY }: Answered) {
    const { labNow: lab, clock } = this.engine;
    const reader = this.callers.reader(caller);
    return { lab, mayRead: reader.mayRead, who: signedInAs(lab, reader, clock()) };
  }
}

/** The address as it is declared: one that was sent may hold what is not for a log. */
function routeOf({ route }: IncomingMessage & Partial<Pick<RoutedRequest, 'route'>>): string {
  return route?.path ?? '';
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (isStoreError(error)) return ofStore(error);
  return undefined;
}

/** What the client or the administrator can do about an error of the store. Other errors are faults of the program. */
function ofStore({ code, message }: StoreError): Problem | undefined {
  switch (code) {
    case 'unknown-outcome': {
      const detail = `It is not known whether this was recorded. ${SAME_KEY}: it is recorded once.`;
      return new Problem('outcome-unknown', detail, undefined, RETRY);
    }
    case 'denied': {
      const detail =
        'The store denies this server access, and nothing was recorded: the administrator has to give it the rights.';
      return new Problem('store-denied', detail);
    }
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
