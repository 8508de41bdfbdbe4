import { Inject, type Provider, type Type } from '@nestjs/common';
import { QueryHandler } from '@nestjs/cqrs';
import { Engine } from '../recording/engine.js';
import type { Refusal } from '../study/refusal.js';
import { ANSWERS } from './ask.js';
import type { Answer } from './queries.js';

/** The QueryBus needs a handler class for each query. */
export function queryHandlers(): Provider[] {
  return ANSWERS.map(({ query, answer }) => {
    @QueryHandler(query as Type)
    class Handler {
      constructor(@Inject(Engine) private readonly engine: Engine) {}

      execute(query: object): Promise<Answer | Refusal> {
        return answer(this.engine, query);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${query.name}Handler` });
    return Handler;
  });
}
