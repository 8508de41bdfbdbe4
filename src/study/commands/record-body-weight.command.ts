import type { Static } from 'typebox';
import { BodyWeight, baseValue } from '../quantity.js';
import { SubjectCommand, defineCommand, implausible, propose } from './command.js';
import { Data, Required } from './fields.js';
import { Observation } from './observation.js';

class Weighing extends Observation {
  @Required(BodyWeight, 'Body weight as the balance shows it.')
  weight!: Static<typeof BodyWeight>;
}

/** Records a body weight. */
export class RecordBodyWeight extends SubjectCommand {
  @Data(Weighing) readonly data!: Weighing;
}

export const recordBodyWeight = defineCommand(RecordBodyWeight, {
  phase: 'animal',
  summary: 'Record a body weight',
  records: 'BodyWeightRecorded',
  example: { subject: 'R01', data: { weight: { value: '243.70', unit: 'g' }, instrument: { id: 'BAL-2' } } },
  decide({ data }, { protocol }) {
    const range = protocol.plausible?.bodyWeight;
    const grams = baseValue(data.weight);
    const odd = range && (grams < baseValue(range.low) || grams > baseValue(range.high));
    return propose('BodyWeightRecorded', { ...data }, [odd && implausible('body-weight-out-of-range')]);
  },
});
