import type { Static } from 'typebox';
import { EVENTS } from '../events/events.js';
import { refuse } from '../refusal.js';
import { Line, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { ANIMAL_CARE } from '../who.js';

const { fate } = EVENTS.FateRecorded.properties;

class Fate extends Observation {
  @Required(fate, 'What became of the animal.')
  fate!: Static<typeof fate>;

  @Optional(Text, 'Cause of death, where it is known.')
  cause?: string;

  @Optional(Line, 'Where it went, and into whose hands.')
  to?: string;
}

/** What became of an animal that was not killed: this ends its use. A killing is recorded with EuthaniseSubject. */
export class RecordFate extends SubjectCommand {
  @Data(Fate) readonly data!: Fate;
}

export const recordFate = defineCommand(RecordFate, {
  phase: 'animal',
  who: ANIMAL_CARE,
  summary: 'Record that an animal was found dead, set free, rehomed or kept',
  records: 'FateRecorded',
  refuses: ['fate-recorded', 'later-records-exist'],
  example: { subject: 'R07', data: { fate: 'found-dead', cause: 'Unknown; sent to pathology' } },
  decide({ data, subject }, { animal }) {
    if (animal.fate) {
      return refuse(
        'fate-recorded',
        `The fate of ${subject} is recorded already (record ${animal.fate.holder}): correct that record.`,
        'subject',
      );
    }
    const later = data.fate === 'kept-alive' ? undefined : animal.next;
    if (later) {
      return refuse(
        'later-records-exist',
        `Record ${later.holder} says that ${subject} was still here later than that: check the time, or correct that record first.`,
        'occurredAt',
      );
    }
    return propose('FateRecorded', { ...data });
  },
});
