import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ASKED, recordsCsv } from '../../console/records-asked.js';
import { answerFromView } from '../../queries/ask.js';
import { takeInTurns } from '../../queries/in-turns.js';
import { STUDY_READERS } from '../../study/who.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { AskedBy } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { etagOfContent, fileReply, type Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { readPageQuery } from './page-query.js';

/** The records that the page of records shows at the same address, as a file. */
@Controller()
export class RecordsCsvController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get('/studies/:code/records.csv')
  @AskedBy({ study: STUDY_READERS })
  async csv(@Req() { url, params }: RoutedRequest): Promise<Reply> {
    const { at, until, on: _, ...asked } = readPageQuery(url, ASKED, true);
    const code = params['code'] ?? '';
    const answer = await answerFromView(this.engine, code, { at, until }, async (view) => {
      const csv = await takeInTurns(recordsCsv(view, asked, this.engine.labNow.people));
      return csv instanceof Refusal ? csv : { csv };
    });
    if (answer instanceof Refusal) throw new Problem(answer.code, answer.message, answer.field);
    const bytes = Buffer.from(String(answer['csv']));
    const made = { study: code, size: answer['treeSize'] as number, file: 'records.csv' };
    const name = `${code}-${made.size}-records.csv`;
    return fileReply(name, 'text/csv; charset=utf-8; header=present', bytes, etagOfContent(bytes), made);
  }
}
