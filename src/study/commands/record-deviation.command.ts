import { Type } from '../schema-types.js';
import { refuse } from '../refusal.js';
import { SubjectId, Text } from '../schema.js';
import { ANIMAL_CARE } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { deviation } from './common/flags.js';

class Deviation {
  @Required(Text, 'What was done otherwise than the protocol plans, or not done.')
  what!: string;

  @Optional(
    Type.Array(SubjectId, { minItems: 1, maxItems: 1000, uniqueItems: true }),
    'Which animals it concerns; the study as a whole, where left out.',
  )
  animals?: string[];
}

/**
 * A departure from the protocol that no other record shows: a reading that was missed, a cage that was too warm. The reason says
 * how it came about; the study director assesses it.
 */
export class RecordDeviation extends StudyCommand {
  @Data(Deviation) readonly data!: Deviation;
}

export const recordDeviation = defineCommand(RecordDeviation, {
  phase: 'record',
  who: ANIMAL_CARE,
  summary: 'Record a departure from the protocol that no other record shows',
  records: 'DeviationRecorded',
  refuses: ['subject-unknown'],
  reasonRequired: true,
  example: {
    reason: 'The observer was ill',
    data: { what: 'No thresholds were measured on day 14', animals: ['R01'] },
  },
  decide({ data }, { study }) {
    const unknown = data.animals?.find((id) => !study.subjects.has(id));
    if (unknown !== undefined)
      return refuse(
        'subject-unknown',
        `data.animals names ${unknown}, and no animal of that name is enrolled in ${study.code}.`,
        'data.animals',
      );
    return propose('DeviationRecorded', { ...data }, [deviation('not-as-planned')]);
  },
});
