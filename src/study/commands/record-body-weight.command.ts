import type { Static } from 'typebox';
import { BodyWeight } from '../quantity.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { flagWeight } from './common/weight-checks.js';
import { ANIMAL_CARE } from '../who.js';

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
  who: ANIMAL_CARE,
  summary: 'Record a body weight',
  records: 'BodyWeightRecorded',
  example: { subject: 'R01', data: { weight: { value: '243.70', unit: 'g' }, instrument: { id: 'BAL-2' } } },
  decide: ({ data }, situation) =>
    propose('BodyWeightRecorded', { ...data }, flagWeight(data.weight, situation)),
});
