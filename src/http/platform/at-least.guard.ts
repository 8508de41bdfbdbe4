import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Engine } from '../../recording/engine.js';
import { logOf } from './log-of.js';
import { atLeastOf } from '../reads/parameters.js';
import { Problem } from './problems.js';

/**
 * Whoever has seen a tree size, in an ETag or a receipt of whichever process, and says so as `atLeast`, gets no older
 * answer from this one: the logs in memory never get smaller, so what is read on here holds for the answer.
 */
@Injectable()
export class AtLeastGuard implements CanActivate {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const size = atLeastOf(request);
    if (size === undefined || (await this.engine.reaches(logOf(request), size))) return true;
    const detail = `Tree size ${size} has not arrived at this server yet: ask again in a moment.`;
    throw new Problem('tree-size-not-reached', detail, 'atLeast', { 'Retry-After': '1' });
  }
}
