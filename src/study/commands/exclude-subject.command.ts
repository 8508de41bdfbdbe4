import { Type } from '../schema-types.js';
import { refuse } from '../refusal.js';
import { Code, PersonId, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

class Exclusion {
  @Required(Type.Boolean(), 'Whether the criterion was fixed beforehand.')
  prespecified!: boolean;

  @Optional(Code, 'The criterion’s code in the protocol.')
  criterion?: string;

  @Optional(PersonId, 'Who decided it.')
  decidedBy?: string;

  @Optional(Type.Boolean(), 'Whether the treatment was known by then.')
  afterUnblinding?: boolean;

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** Takes an animal out of the analysis. It stays in every stage that it had reached. */
export class ExcludeSubject extends SubjectCommand {
  @Data(Exclusion) readonly data!: Exclusion;
}

export const excludeSubject = defineCommand(ExcludeSubject, {
  phase: 'animal',
  who: THE_STUDY_DIRECTOR,
  summary: 'Exclude an animal',
  records: 'SubjectExcluded',
  refuses: ['subject-excluded', 'subject-unknown'],
  anyAnimal: true,
  reasonRequired: true,
  example: {
    subject: 'R07',
    reason: 'Never became hypersensitive',
    data: { prespecified: true, criterion: 'not-hypersensitive' },
  },
  decide({ data, subject }, { animal }) {
    if (!animal.enrolled) {
      return refuse('subject-unknown', `${subject} is not enrolled in this study.`, 'subject');
    }
    if (animal.excluded) {
      return refuse('subject-excluded', `${subject} is excluded already.`, 'subject');
    }
    return propose('SubjectExcluded', { ...data });
  },
});
