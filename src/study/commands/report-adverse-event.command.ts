import { Type } from '../schema-types.js';
import { Line, Severity, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { ANIMAL_CARE } from '../who.js';

class AdverseEvent extends Observation {
  @Required(Text, 'What happened.')
  description!: string;

  @Required(Type.Boolean(), 'Whether the protocol expects it.')
  expected!: boolean;

  @Required(Severity, 'How severe it was for the animal.')
  severity!: 'mild' | 'moderate' | 'severe';

  @Optional(Type.Enum(['unrelated', 'possible', 'probable', 'definite']), 'Relation to the procedure.')
  relation?: 'unrelated' | 'possible' | 'probable' | 'definite';

  @Optional(Text, 'What was done.')
  action?: string;

  @Optional(Text, 'How it ended.')
  outcome?: string;

  @Optional(Line, 'Whom it was reported to: animal-welfare body, veterinarian, authority.')
  reportedTo?: string;
}

/** Reports an adverse event of one animal. */
export class ReportAdverseEvent extends SubjectCommand {
  @Data(AdverseEvent) readonly data!: AdverseEvent;
}

export const reportAdverseEvent = defineCommand(ReportAdverseEvent, {
  phase: 'welfare',
  who: ANIMAL_CARE,
  summary: 'Report an adverse event',
  records: 'AdverseEventReported',
  example: {
    subject: 'R01',
    data: {
      description: 'Lead exposed at the neck',
      expected: true,
      severity: 'mild',
      action: 'Lead tunnelled again',
    },
  },
  decide: ({ data }) => propose('AdverseEventReported', { ...data }),
});
