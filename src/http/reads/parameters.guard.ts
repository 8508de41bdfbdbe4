import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Engine } from '../../recording/engine.js';
import { Problem } from '../platform/problems.js';
import { parseQuery } from './query-string.js';
import { Takes } from './read.decorators.js';
import { logOf, type ReadRequest } from './read-request.js';

/**
 * Reads the query of every request. A client that has seen a tree size, in an ETag or a receipt of any process, and
 * names it as `atLeast`, gets no older answer from this one: a log in memory never gets smaller, so what is read here
 * holds for the answer.
 */
@Injectable()
export class ParametersGuard implements CanActivate {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const takes = this.reflector.get(Takes, context.getHandler());
    // A path or a method that nobody knows is refused before its query.
    if (!takes) return true;
    const request = context.switchToHttp().getRequest<ReadRequest>();
    const known = typeof takes === 'function' ? takes(request.params) : takes;
    const { atLeast, ...parameters } = parseQuery(request.url, known);
    request.parameters = parameters;
    if (atLeast === undefined || (await this.engine.reaches(logOf(request), atLeast))) return true;
    const detail = `Tree size ${atLeast} has not arrived at this server yet: ask again in a moment.`;
    throw new Problem('tree-size-not-reached', detail, 'atLeast', { 'Retry-After': '1' });
  }
}
