import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { checkAsOf } from '../../queries/as-of.js';
import { Engine } from '../../recording/engine.js';
import { Problem } from '../platform/problems.js';
import { parseQuery } from './query-string.js';
import { Takes } from './route.decorators.js';
import { logOf, type RoutedRequest } from './routed-request.js';

/**
 * Reads the query of every request. A client that was given a tree size, in an ETag or a receipt of any process, names it
 * as `atLeast` and gets no older answer from this process: a log in memory never gets smaller, so a size that is reached
 * here is reached by the answer.
 */
@Injectable()
export class ParametersGuard implements CanActivate {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const takes = this.reflector.get(Takes, context.getHandler());
    // The handlers for unknown paths and methods take no query: they refuse the request itself.
    if (!takes) return true;
    const request = context.switchToHttp().getRequest<RoutedRequest>();
    const known = typeof takes === 'function' ? takes(request.params) : takes;
    const { atLeast, ...parameters } = parseQuery(request.url, known);
    request.parameters = parameters;
    if (atLeast === undefined) return true;
    const wrong = checkAsOf(parameters);
    if (wrong) throw new Problem(wrong.code, wrong.message, wrong.field);
    if (await this.engine.reaches(logOf(request), atLeast)) return true;
    const detail = `Tree size ${atLeast} has not arrived at this server yet: ask again in a moment.`;
    throw new Problem('tree-size-not-reached', detail, 'atLeast', { 'Retry-After': '1' });
  }
}
