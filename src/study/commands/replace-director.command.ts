import { refuse } from '../refusal.js';
import { PersonId } from '../schema.js';
import { directorOf } from '../study.js';
import { MANAGEMENT } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Replacement {
  @Required(PersonId, 'The next study director.')
  director!: string;
}

/** Management names another director, such as for one who has left and cannot hand the study over. */
export class ReplaceDirector extends StudyCommand {
  @Data(Replacement) readonly data!: Replacement;
}

export const replaceDirector = defineCommand(ReplaceDirector, {
  phase: 'study',
  who: MANAGEMENT,
  summary: 'Replace the study director',
  records: 'DirectorReplaced',
  refuses: ['directs-already'],
  afterClose: true,
  beforeProtocol: true,
  reasonRequired: true,
  puts: ({ data }) => ({ person: data.director, role: 'director', field: 'data.director' }),
  example: { reason: 'Left the institution', data: { director: 'sd-02' } },
  decide({ data }, { study }) {
    if (data.director !== directorOf(study)) return propose('DirectorReplaced', { ...data });
    const message = `${data.director} directs ${study.code} already: name another person.`;
    return refuse('directs-already', message, 'data.director');
  },
});
