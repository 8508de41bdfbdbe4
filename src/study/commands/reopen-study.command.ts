import { refuse } from '../refusal.js';
import { Text } from '../schema.js';
import { refuseSecond } from '../signatures/refuse-open.js';
import { closureOf } from '../study.js';
import { THE_STUDY_DIRECTOR } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional } from './common/fields.js';

class Reopening {
  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** Data capture goes on after the study was closed. */
export class ReopenStudy extends StudyCommand {
  @Data(Reopening) readonly data!: Reopening;
}

export const reopenStudy = defineCommand(ReopenStudy, {
  phase: 'study',
  who: THE_STUDY_DIRECTOR,
  summary: 'Reopen a closed study',
  records: 'StudyReopened',
  refuses: ['act-unsigned', 'study-open'],
  afterClose: true,
  reasonRequired: true,
  example: { reason: 'A session of 3 March was never entered', data: {} },
  decide({ data }, { study }) {
    if (closureOf(study).state === 'open') return refuse('study-open', `${study.code} is not closed.`);
    return refuseSecond(study, 'StudyReopened') ?? propose('StudyReopened', { ...data });
  },
});
