import { Controller, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ListRecords,
  ListStudies,
  NextFilament,
  ShowProjection,
  ShowRecord,
  ShowSignatures,
  ShowStudy,
  type Answer,
} from '../../queries/queries.js';
import { PROJECTIONS } from '../../study/projections/catalogue.js';
import { Refusal } from '../../study/refusal.js';
import type { Touch } from '../../study/rules/threshold.js';
import { Callers, type Caller } from '../platform/caller.js';
import { From } from '../platform/caller.guard.js';
import type { ParametersOf } from '../routes/parameters.js';
import { Parameters, Read, RecordNumber } from '../routes/route.decorators.js';
import { READS } from '../routes/read-routes.js';

/** The reads of a study, and the list of those that the caller may read: each turns an address into one query. */
@Controller()
export class ReadsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Read(READS.studies)
  async studies(@From() caller: Caller): Promise<Answer> {
    const answer = await this.queries.execute(new ListStudies());
    const { mayRead } = this.callers.reader(caller);
    const studies = (answer['studies'] as { study: string }[]).filter(({ study }) => mayRead(study));
    return { ...answer, studies };
  }

  @Read(READS.study)
  study(
    @Param('code') code: string,
    @Parameters() asOf: ParametersOf<typeof READS.study>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowStudy(code, asOf));
  }

  @Read(READS.projections)
  async projections(
    @Param('code') code: string,
    @Parameters() asOf: ParametersOf<typeof READS.projections>,
  ): Promise<Answer | Refusal> {
    const found = await this.queries.execute(new ShowStudy(code, asOf));
    if (found instanceof Refusal) return found;
    const { study, treeSize, root } = found;
    return {
      study,
      treeSize,
      root,
      projections: PROJECTIONS.map(({ name, summary }) => ({ name, summary })),
    };
  }

  @Read(READS.projection)
  projection(
    @Param('code') code: string,
    @Param('name') name: string,
    @Parameters() { subject, hours, weekends, ...asOf }: ParametersOf<typeof READS.projection>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowProjection(code, name, asOf, subject, { hours, weekends }));
  }

  @Read(READS.due)
  due(
    @Param('code') code: string,
    @Parameters() { subject, ...asOf }: ParametersOf<typeof READS.due>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowProjection(code, 'due', asOf, subject));
  }

  @Read(READS.records)
  records(
    @Param('code') code: string,
    @Parameters()
    { at, until, from, limit, ...filter }: ParametersOf<typeof READS.records>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ListRecords(code, { at, until }, filter, from, limit));
  }

  @Read(READS.record)
  record(
    @Param('code') code: string,
    @Param('number', RecordNumber) number: number,
    @Parameters() asOf: ParametersOf<typeof READS.record>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowRecord(code, number, asOf));
  }

  @Read(READS.signatures)
  signatures(@Param('code') code: string): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowSignatures(code));
  }

  @Read(READS.nextFilament)
  nextFilament(
    @Param('code') code: string,
    @Parameters() { touches = '', ...asOf }: ParametersOf<typeof READS.nextFilament>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new NextFilament(code, parseTouches(touches), asOf));
  }
}

/** `2:O,4:X`, as its schema has it. */
function parseTouches(text: string): Touch[] {
  if (text === '') return [];
  return text.split(',').map((touch) => {
    const colon = touch.lastIndexOf(':');
    return { filament: touch.slice(0, colon), response: touch.slice(colon + 1) as Touch['response'] };
  });
}
