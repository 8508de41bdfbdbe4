import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import {
  ListLogRecords,
  ShowCheckpoint,
  ShowConsistency,
  ShowProof,
  type Answer,
} from '../../queries/queries.js';
import { Refusal } from '../../study/refusal.js';
import { sendAnswer, sendText } from '../platform/answer.js';
import { AtLeastGuard } from '../platform/at-least.guard.js';
import { logOf } from '../platform/log-of.js';
import { parametersOf, recordNumberOf } from './parameters.js';
import { READS } from './routes.js';

/** What proves a log: its signed head, that a record is in it, that it only grew. The same for every log. */
@Controller()
@UseGuards(AtLeastGuard)
export class EvidenceController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get([READS.checkpoint.path, READS.labCheckpoint.path, READS.accessCheckpoint.path])
  async checkpoint(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, READS.checkpoint.parameters);
    this.text(request, response, 'note', await this.queries.execute(new ShowCheckpoint(logOf(request))));
  }

  @Get([READS.proof.path, READS.labProof.path, READS.accessProof.path])
  async proof(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, READS.proof.parameters);
    const { number = '' } = request.params as Record<string, string>;
    const query = new ShowProof(logOf(request), recordNumberOf(number));
    this.text(request, response, 'proof', await this.queries.execute(query));
  }

  @Get([READS.consistency.path, READS.labConsistency.path, READS.accessConsistency.path])
  async consistency(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { from, to } = parametersOf(request, READS.consistency.parameters);
    sendAnswer(request, response, await this.queries.execute(new ShowConsistency(logOf(request), from, to)));
  }

  @Get([READS.labRecords.path, READS.accessRecords.path])
  async records(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { from, limit } = parametersOf(request, READS.labRecords.parameters);
    sendAnswer(
      request,
      response,
      await this.queries.execute(new ListLogRecords(logOf(request), from, limit)),
    );
  }

  private text(request: Request, response: Response, member: string, answer: Answer | Refusal): void {
    if (answer instanceof Refusal) return sendAnswer(request, response, answer);
    sendText(request, response, answer, String(answer[member]));
  }
}
