import { Controller, Get, Inject, Req } from '@nestjs/common';
import { addressOf } from '../../console/parts/frame.js';
import { answerFromView } from '../../queries/ask.js';
import { Engine } from '../../recording/engine.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { readPageQuery } from './page-query.js';

/** Leads from a record number or the name of an animal to its page, at the tree size that the reader is at. */
@Controller()
export class FindController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get('/studies/:code/find')
  async find(@Req() { url, params }: RoutedRequest): Promise<Reply> {
    const { q = '', on: _, ...place } = readPageQuery(url, ['q'], true);
    const code = params['code'] ?? '';
    const found = await answerFromView(this.engine, code, place, ({ study }) => {
      const number = /^#?(\d{1,15})$/.exec(q.trim())?.[1];
      if (number !== undefined && Number(number) < study.size) return { page: `/records/${Number(number)}` };
      const name = q.trim().toLowerCase();
      const animals = [...study.subjects.values()].map(({ id }) => id);
      const animal =
        animals.find((id) => id.toLowerCase() === name) ??
        (name === '' ? undefined : onlyOne(animals.filter((id) => id.toLowerCase().includes(name))));
      if (animal !== undefined) return { page: `/animals/${animal}` };
      const message = `There is no record and no animal “${q.slice(0, 60)}” among the ${study.size} records of ${code}. Give a number such as 834, or an animal such as ${animals[0] ?? 'R01'}.`;
      return refuse('record-unknown', message, 'q');
    });
    if (found instanceof Refusal) throw new Problem(found.code, found.message, found.field);
    return new Reply(303, { Location: addressOf(`/studies/${code}${String(found['page'])}`, place) }, '');
  }
}

function onlyOne(list: readonly string[]): string | undefined {
  return list.length === 1 ? list[0] : undefined;
}
