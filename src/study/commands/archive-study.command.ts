import { refuse } from '../refusal.js';
import { CalendarDate, Line } from '../schema.js';
import { utcInstant } from '../instant.js';
import { refuseOpen, refuseSecond } from '../signatures/refuse-open.js';
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

/** A closed study goes to the archive: nothing is recorded in it from then on, or from the signature of management on. */
export class ArchiveStudy extends StudyCommand {
  @Data(Archiving) readonly data!: Archiving;
}

export const archiveStudy = defineCommand(ArchiveStudy, {
  phase: 'study',
  who: MANAGEMENT,
  summary: 'Archive a closed study',
  records: 'StudyArchived',
  refuses: [
    'act-unsigned',
    'deviations-open',
    'ledger-unanchored',
    'retention-too-short',
    'review-missing',
    'study-open',
    'witness-missing',
  ],
  afterClose: true,
  example: { data: { location: 'Archive room 2, shelf 14', retainUntil: '2036-12-31' } },
  decide({ data }, { study, at, time }) {
    const { closed } = closureOf(study);
    if (!closed) return refuse('study-open', `${study.code} is not closed: close it first.`);
    if (at < closed.at)
      return refuse(
        'study-open',
        `${study.code} was closed at ${utcInstant(closed.at)}, and is not archived before that.`,
        'occurredAt',
      );
    const day = time.slice(0, 10);
    if (data.retainUntil <= day)
      return refuse(
        'retention-too-short',
        `data.retainUntil is ${data.retainUntil}, and it is archived on ${day}: name a day after that.`,
        'data.retainUntil',
      );
    return (
      refuseSecond(study, 'StudyArchived') ??
      refuseOpen(study, 'archived') ??
      propose('StudyArchived', { ...data })
    );
  },
});
