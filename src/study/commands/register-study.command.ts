import { Type } from '../schema-types.js';
import { refuse } from '../refusal.js';
import { Line, PersonId, Text } from '../schema.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { REGISTERING } from '../who.js';

class StudyRegistration {
  @Required(Line, 'Title of the study.')
  title!: string;

  @Required(PersonId, 'The study director.')
  director!: string;

  @Optional(Line, 'Sponsor.')
  sponsor?: string;

  @Optional(Line, 'Where the work is done.')
  testSite?: string;

  @Optional(Line, 'Number of the ethics approval or project licence.')
  ethicsApproval?: string;

  @Optional(Line, 'Where the study was registered beforehand, and as what.')
  preregistration?: string;

  @Optional(Text, 'The question it asks.')
  objective?: string;

  @Optional(Line, 'The guideline it follows.')
  guideline?: string;

  @Optional(
    Type.Enum(['signed']),
    'Said where acts of the study hold only once they are signed: protocols, changes of the director, acknowledgements, closing. It is not changed later.',
  )
  governance?: 'signed';

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/**
 * Opens a study under a code that is never used again. The lab's register gets StudyRegistered first, then the
 * study's own stream begins with StudyOpened; a registration cut off in between is finished by sending it again.
 */
export class RegisterStudy extends StudyCommand {
  @Data(StudyRegistration) readonly data!: StudyRegistration;
}

export const registerStudy = defineCommand(RegisterStudy, {
  phase: 'study',
  who: REGISTERING,
  summary: 'Register a study under a new code',
  records: 'StudyOpened',
  refuses: ['ledger-unanchored', 'not-commissioned', 'signing-key-missing', 'study-exists'],
  beforeProtocol: true,
  puts: ({ data }) => ({ person: data.director, role: 'director', field: 'data.director' }),
  mayNot({ data, submission: { actor } }, role) {
    if (role !== 'director' || data.director === actor) return undefined;
    const message = `A director registers a study of their own, so data.director must be ${actor}; management registers it for others.`;
    return refuse('not-permitted', message, 'data.director');
  },
  example: {
    data: { title: 'SCS after sub-effective ketamine', director: 'sd-01', ethicsApproval: 'DEC 2010-061' },
  },
  decide: ({ data }) => propose('StudyOpened', { ...data }),
});
