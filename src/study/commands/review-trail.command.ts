import { refuse } from '../refusal.js';
import { RecordNumber, Text } from '../schema.js';
import { isReviewed, makersOf } from '../signatures/makers.js';
import type { Study } from '../study.js';
import { STUDY_READERS } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Review {
  @Required(RecordNumber, 'The first record that was reviewed.')
  from!: number;

  @Required(RecordNumber, 'The last record that was reviewed.')
  to!: number;

  @Required(Text, 'What was found; say so where nothing was.')
  findings!: string;
}

/** Somebody who made none of it has reviewed a range of the trail. */
export class ReviewTrail extends StudyCommand {
  @Data(Review) readonly data!: Review;
}

export const reviewTrail = defineCommand(ReviewTrail, {
  phase: 'record',
  who: STUDY_READERS,
  summary: 'Review a range of the audit trail',
  records: 'TrailReviewed',
  refuses: ['range-invalid', 'own-record'],
  afterClose: true,
  beforeProtocol: true,
  example: { data: { from: 0, to: 1, findings: 'Nothing to remark' } },
  decide({ data }, { study, individual }) {
    const { from, to } = data;
    if (from > to || to >= study.size)
      return refuse(
        'range-invalid',
        `A review goes from an earlier to a later record, and the last one is ${study.size - 1}: from is ${from}, to is ${to}.`,
        'data.to',
      );
    const own = findOwn(study, data, individual);
    if (own)
      return refuse(
        'own-record',
        `Record ${own.number} was made by ${own.maker}: somebody who made none of the records from ${from} to ${to} reviews them.`,
        'data.from',
      );
    return propose('TrailReviewed', { ...data });
  },
});

/** The first record of a range that the reviewer made, under any id. */
function findOwn(
  { records }: Study,
  { from, to }: Review,
  individual: ReadonlySet<string>,
): { readonly number: number; readonly maker: string } | undefined {
  for (let number = from; number <= to; number++) {
    const { record } = records.at(number)!;
    const maker = isReviewed(record) ? makersOf(record).find((person) => individual.has(person)) : undefined;
    if (maker !== undefined) return { number, maker };
  }
  return undefined;
}
