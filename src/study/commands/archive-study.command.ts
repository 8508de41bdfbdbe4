import { refuse } from '../refusal.js';
import { CalendarDate, Line } from '../schema.js';
import { closureOf } from '../study.js';
import { MANAGEMENT } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Archiving {
  @Required(Line, 'Where what belongs to the study and is not in the ledger lies.')
  location!: string;

  @Required(CalendarDate, 'The day until which it is kept at least.')
  retainUntil!: string;
}

/** A closed study goes to the archive: nothing is recorded in it from then on. */
export class ArchiveStudy extends StudyCommand {
  @Data(Archiving) readonly data!: Archiving;
}

export const archiveStudy = defineCommand(ArchiveStudy, {
  phase: 'study',
  who: MANAGEMENT,
  summary: 'Archive a closed study',
  records: 'StudyArchived',
  refuses: ['study-open', 'study-archived'],
  afterClose: true,
  example: { data: { location: 'Archive room 2, shelf 14', retainUntil: '2036-12-31' } },
  decide({ data }, { study }) {
    const { state } = closureOf(study);
    if (state === 'open') return refuse('study-open', `${study.code} is not closed: close it first.`);
    if (state === 'archived') return refuse('study-archived', `${study.code} is archived already.`);
    return propose('StudyArchived', { ...data });
  },
});
