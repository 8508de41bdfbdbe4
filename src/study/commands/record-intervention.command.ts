import type { Static } from 'typebox';
import { EVENTS } from '../events/events.js';
import { refuse, type Refusal } from '../refusal.js';
import { Line, PersonId, RecordNumber, Text } from '../schema.js';
import type { AnimalAt } from './common/animal-at.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { ANIMAL_CARE } from '../who.js';

const { kind } = EVENTS.InterventionRecorded.properties;

class Intervention extends Observation {
  @Required(kind, 'What was done for the animal.')
  kind!: Static<typeof kind>;

  @Optional(Text, 'In words, where the kind does not say it all.')
  description?: string;

  @Optional(Line, 'Agent given.')
  agent?: string;

  @Optional(Line, 'Dose as written on the sheet.')
  dose?: string;

  @Optional(Line, 'Route.')
  route?: string;

  @Optional(RecordNumber, 'The score, weight or event that it answers.')
  because?: number;

  @Optional(PersonId, 'Who ordered it.')
  orderedBy?: string;
}

/** Something done for the welfare of an animal, outside an operation. */
export class RecordIntervention extends SubjectCommand {
  @Data(Intervention) readonly data!: Intervention;
}

export const recordIntervention = defineCommand(RecordIntervention, {
  phase: 'welfare',
  who: ANIMAL_CARE,
  summary: 'Record what was done for an animal’s welfare',
  records: 'InterventionRecorded',
  refuses: ['record-unknown'],
  example: {
    subject: 'R01',
    data: { kind: 'analgesia', agent: 'buprenorphine', dose: '0.03 mg/kg', route: 'subcutaneous' },
  },
  check: ({ data }, { animal }) => [checkAnswered(data, animal)],
  decide: ({ data }, { animal }) =>
    checkAnswered(data, animal) ?? propose('InterventionRecorded', { ...data }),
});

function checkAnswered(
  { because }: Pick<Intervention, 'because'>,
  animal: AnimalAt,
): Refusal<'record-unknown'> | undefined {
  if (because === undefined || animal.history().some(({ number }) => number === because)) return undefined;
  return refuse(
    'record-unknown',
    `Record ${because} says nothing about ${animal.id} that had happened by then: name the score, weight or event by its number.`,
    'data.because',
  );
}
