import { Refusal, refuse } from '../refusal.js';
import { RecordReference, Text } from '../schema.js';
import { participantsOf } from '../signatures/obligations.js';
import { ANIMAL_CARE } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { checkReference, findEffectiveFact, resolveReference } from './common/reference.js';

class Witnessing {
  @Required(RecordReference, 'The record of what was witnessed.')
  target!: { number: number; leaf?: string };

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** A second person saw what a record states. */
export class WitnessRecord extends StudyCommand {
  @Data(Witnessing) readonly data!: Witnessing;
}

export const witnessRecord = defineCommand(WitnessRecord, {
  phase: 'record',
  who: ANIMAL_CARE,
  summary: 'Witness a record of somebody else',
  records: 'RecordWitnessed',
  refuses: ['leaf-mismatch', 'not-a-fact', 'not-in-force', 'record-unknown', 'own-record'],
  afterClose: true,
  example: { data: { target: { number: 57 } } },
  check: ({ data }, { study }) => [checkReference(study, data.target, 'data.target')],
  decide({ data }, { study, individual }) {
    const target = resolveReference(study, data.target, 'data.target');
    if (target instanceof Refusal) return target;
    const fact = findEffectiveFact(study, target.number);
    if (fact instanceof Refusal) return fact;
    const own = participantsOf(study, fact).find((person) => individual.has(person));
    if (own !== undefined)
      return refuse(
        'own-record',
        `Record ${target.number} was made by ${own}, or names ${own} as taking part: it takes a second person to witness it.`,
        'data.target',
      );
    return propose('RecordWitnessed', { ...data, target });
  },
});
