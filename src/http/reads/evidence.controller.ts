import { Controller, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { LogName } from '../../lab/origins.js';
import {
  ListLogRecords,
  ShowCheckpoint,
  ShowConsistency,
  ShowProof,
  type Answer,
} from '../../queries/queries.js';
import { Refusal } from '../../study/refusal.js';
import { Reply, etagOfSize } from '../platform/reply.js';
import type { ParametersOf } from '../routes/parameters.js';
import { Log, Parameters, Read, RecordNumber } from '../routes/route.decorators.js';
import { READS } from '../routes/read-routes.js';

/** The evidence of a log, the same for every log: signed head, inclusion proofs, consistency proofs. */
@Controller()
export class EvidenceController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Read(READS.checkpoint, READS.labCheckpoint, READS.accessCheckpoint)
  async checkpoint(@Log() log: LogName): Promise<Reply | Refusal> {
    return textReply(await this.queries.execute(new ShowCheckpoint(log)), 'note');
  }

  @Read(READS.proof, READS.labProof, READS.accessProof)
  async proof(@Log() log: LogName, @Param('number', RecordNumber) number: number): Promise<Reply | Refusal> {
    return textReply(await this.queries.execute(new ShowProof(log, number)), 'proof');
  }

  @Read(READS.consistency, READS.labConsistency, READS.accessConsistency)
  consistency(
    @Log() log: LogName,
    @Parameters() { from, to }: ParametersOf<typeof READS.consistency>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ShowConsistency(log, from, to));
  }

  @Read(READS.labRecords, READS.accessRecords)
  records(
    @Log() log: LogName,
    @Parameters() { from, limit }: ParametersOf<typeof READS.labRecords>,
  ): Promise<Answer | Refusal> {
    return this.queries.execute(new ListLogRecords(log, from, limit));
  }
}

/** One member of the answer, a signed note, as the whole body. */
function textReply(answer: Answer | Refusal, member: 'note' | 'proof'): Reply | Refusal {
  if (answer instanceof Refusal) return answer;
  const etag = etagOfSize(answer['treeSize'] as number);
  return new Reply(200, { 'Content-Type': 'text/plain; charset=utf-8' }, String(answer[member]), etag);
}
