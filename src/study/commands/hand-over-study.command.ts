import { refuse } from '../refusal.js';
import { PersonId } from '../schema.js';
import { directorOf } from '../study.js';
import { THE_STUDY_DIRECTOR } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Handover {
  @Required(PersonId, 'The next study director.')
  to!: string;
}

/** The study director hands the study over. A handover that was a mistake is handed back; it is not voided. */
export class HandOverStudy extends StudyCommand {
  @Data(Handover) readonly data!: Handover;
}

export const handOverStudy = defineCommand(HandOverStudy, {
  phase: 'study',
  who: THE_STUDY_DIRECTOR,
  summary: 'Hand the study over to another director',
  records: 'StudyHandedOver',
  refuses: ['directs-already'],
  afterClose: true,
  beforeProtocol: true,
  reasonRequired: true,
  puts: ({ data }) => ({ person: data.to, role: 'director', field: 'data.to' }),
  example: { reason: 'Parental leave from April', data: { to: 'sd-02' } },
  decide({ data }, { study, individual }) {
    const director = directorOf(study);
    const isSame = director !== undefined && individual.has(director) && individual.has(data.to);
    if (data.to !== director && !isSame) return propose('StudyHandedOver', { ...data });
    return refuse(
      'directs-already',
      `${data.to} directs ${study.code} already${data.to === director ? '' : `, as ${director}: both are one person`}. Name another person.`,
      'data.to',
    );
  },
});
