import { Type } from '../schema-types.js';
import { refuse } from '../refusal.js';
import { Code, Line, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { ANIMAL_CARE } from '../who.js';

const Cause = Type.Enum(['planned', 'humane-endpoint', 'surgical-complication', 'other']);

class Euthanasia extends Observation {
  @Required(Line, 'Method.')
  method!: string;

  @Required(Cause, 'Why now.')
  cause!: 'planned' | 'humane-endpoint' | 'surgical-complication' | 'other';

  @Optional(Code, 'The endpoint of the protocol that was reached.')
  endpoint?: string;

  @Optional(Line, 'Agent and dose.')
  agent?: string;

  @Optional(Line, 'How death was confirmed.')
  confirmation?: string;

  @Optional(Text, 'Tissue taken.')
  tissue?: string;

  @Optional(Line, 'Where the electrode was found.')
  electrodePosition?: string;

  @Optional(Line, 'Where the catheter tip was found.')
  catheterPosition?: string;
}

/** Records the death of an animal at a person's hand. Nothing can be done to it afterwards. */
export class EuthaniseSubject extends SubjectCommand {
  @Data(Euthanasia) readonly data!: Euthanasia;
}

export const euthaniseSubject = defineCommand(EuthaniseSubject, {
  phase: 'animal',
  who: ANIMAL_CARE,
  summary: 'Record the euthanasia of an animal',
  records: 'SubjectEuthanised',
  refuses: ['later-records-exist', 'subject-dead'],
  example: {
    subject: 'R07',
    data: { method: 'CO2, rising concentration', cause: 'planned', confirmation: 'rigor mortis' },
  },
  decide({ data, subject }, { animal }) {
    if (animal.died) {
      return refuse('subject-dead', `The death of ${subject} is recorded already.`, 'subject');
    }
    const later = animal.next;
    if (later) {
      return refuse(
        'later-records-exist',
        `Record ${later.holder} says that ${subject} was alive later than that: check the time, or correct that record first.`,
        'occurredAt',
      );
    }
    return propose('SubjectEuthanised', { ...data });
  },
});
