import { Controller, Inject, Param } from '@nestjs/common';
import { inspectionFindings } from '../../queries/inspection-findings.js';
import type { Answer } from '../../queries/queries.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { READS } from '../routes/read-routes.js';
import { Read, RecordNumber } from '../routes/route.decorators.js';

/** What quality assurance found: kept beside the log, and read by quality assurance alone. */
@Controller()
export class FindingsController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Read(READS.findings)
  async findings(
    @Param('code') code: string,
    @Param('number', RecordNumber) number: number,
  ): Promise<Answer | Refusal> {
    const found = await inspectionFindings(this.engine, code, number);
    return found instanceof Refusal ? found : { study: code, ...found };
  }
}
