import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import {
  ListRecords,
  ListStudies,
  NextFilament,
  ShowProjection,
  ShowRecord,
  ShowStudy,
} from '../../queries/queries.js';
import { PROJECTIONS } from '../../study/projections/catalogue.js';
import { Refusal } from '../../study/refusal.js';
import { sendAnswer } from '../platform/answer.js';
import { AtLeastGuard } from '../platform/at-least.guard.js';
import { parametersOf, recordNumberOf, touchesOf } from './parameters.js';
import { READS } from './routes.js';

/** The reads of the ledger: each turns an address into one query. */
@Controller()
@UseGuards(AtLeastGuard)
export class ReadsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(READS.studies.path)
  async studies(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, READS.studies.parameters);
    sendAnswer(request, response, await this.queries.execute(new ListStudies()));
  }

  @Get(READS.study.path)
  async study(@Req() request: Request, @Res() response: Response): Promise<void> {
    const asOf = parametersOf(request, READS.study.parameters);
    sendAnswer(request, response, await this.queries.execute(new ShowStudy(segment(request, 'code'), asOf)));
  }

  @Get(READS.projections.path)
  async projections(@Req() request: Request, @Res() response: Response): Promise<void> {
    const asOf = parametersOf(request, READS.projections.parameters);
    const found = await this.queries.execute(new ShowStudy(segment(request, 'code'), asOf));
    if (found instanceof Refusal) return sendAnswer(request, response, found);
    const { study, treeSize, root } = found;
    const projections = PROJECTIONS.map(({ name, summary }) => ({ name, summary }));
    sendAnswer(request, response, { study, treeSize, root, projections });
  }

  @Get(READS.projection.path)
  async projection(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { subject, ...asOf } = parametersOf(request, READS.projection.parameters);
    const query = new ShowProjection(segment(request, 'code'), segment(request, 'name'), asOf, subject);
    sendAnswer(request, response, await this.queries.execute(query));
  }

  @Get(READS.records.path)
  async records(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { at, until, from, limit, atLeast: _, ...filter } = parametersOf(request, READS.records.parameters);
    const query = new ListRecords(segment(request, 'code'), { at, until }, filter, from, limit);
    sendAnswer(request, response, await this.queries.execute(query));
  }

  @Get(READS.record.path)
  async record(@Req() request: Request, @Res() response: Response): Promise<void> {
    const asOf = parametersOf(request, READS.record.parameters);
    const query = new ShowRecord(segment(request, 'code'), recordNumberOf(segment(request, 'number')), asOf);
    sendAnswer(request, response, await this.queries.execute(query));
  }

  @Get(READS.nextFilament.path)
  async nextFilament(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { touches = '', ...asOf } = parametersOf(request, READS.nextFilament.parameters);
    const query = new NextFilament(segment(request, 'code'), touchesOf(touches), asOf);
    sendAnswer(request, response, await this.queries.execute(query));
  }
}

function segment(request: Request, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}
