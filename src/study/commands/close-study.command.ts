import { Type } from '../schema-types.js';
import { Text } from '../schema.js';
import { refuseOpen, refuseSecond } from '../signatures/refuse-open.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

class StudyClosing {
  @Required(Type.Enum(['completed', 'terminated']), 'How it ended.')
  outcome!: 'completed' | 'terminated';

  @Optional(Text, 'What came of it.')
  summary?: string;
}

/**
 * Ends data capture: from then on only corrections, voids, acknowledgements and what was found later are taken. A governed
 * study is closed once its director has signed this, and only while nothing else is open.
 */
export class CloseStudy extends StudyCommand {
  @Data(StudyClosing) readonly data!: StudyClosing;
}

export const closeStudy = defineCommand(CloseStudy, {
  phase: 'study',
  who: THE_STUDY_DIRECTOR,
  summary: 'Close the study',
  records: 'StudyClosed',
  refuses: ['act-unsigned', 'deviations-open', 'ledger-unanchored', 'review-missing', 'witness-missing'],
  example: { data: { outcome: 'completed' } },
  decide: ({ data }, { study }) =>
    refuseSecond(study, 'StudyClosed') ?? refuseOpen(study, 'closed') ?? propose('StudyClosed', { ...data }),
});
