import { Type } from '../schema-types.js';
import { Text } from '../schema.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

class StudyClosing {
  @Required(Type.Enum(['completed', 'terminated']), 'How it ended.')
  outcome!: 'completed' | 'terminated';

  @Optional(Text, 'What came of it.')
  summary?: string;
}

/** Ends data capture: from then on only corrections, voids and acknowledgements are taken. */
export class CloseStudy extends StudyCommand {
  @Data(StudyClosing) readonly data!: StudyClosing;
}

export const closeStudy = defineCommand(CloseStudy, {
  phase: 'study',
  who: THE_STUDY_DIRECTOR,
  summary: 'Close the study',
  records: 'StudyClosed',
  refuses: ['ledger-unanchored'],
  example: { data: { outcome: 'completed' } },
  decide: ({ data }) => propose('StudyClosed', { ...data }),
});
