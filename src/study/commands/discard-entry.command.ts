import { refuse } from '../refusal.js';
import { ClientCommandId, CommandName, Instant } from '../schema.js';
import { STUDY_READERS } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Discarding {
  @Required(ClientCommandId, 'The id that the entry would have been recorded under.')
  commandid!: string;

  @Required(CommandName, 'The command that was entered.')
  command!: string;

  @Required(Instant, 'When it was entered.')
  enteredAt!: string;
}

/** What was entered and never recorded is given up: that it was, by whom and why, stays on record. */
export class DiscardEntry extends StudyCommand {
  @Data(Discarding) readonly data!: Discarding;
}

export const discardEntry = defineCommand(DiscardEntry, {
  phase: 'record',
  // Each of them enters something: a review of the trail at least.
  who: STUDY_READERS,
  summary: 'Discard an entry that was not recorded',
  records: 'EntryDiscarded',
  refuses: ['entry-recorded'],
  afterClose: true,
  beforeProtocol: true,
  reasonRequired: true,
  example: {
    reason: 'Entered for the wrong animal while there was no connection',
    data: {
      commandid: '0198c0de-0000-4000-8000-000000000057',
      command: 'RecordBodyWeight',
      enteredAt: '2026-03-02T09:15:00+01:00',
    },
  },
  decide({ data }, { study }) {
    for (let number = study.size - 1; number >= 0; number--) {
      if (study.records.at(number)?.record.commandid !== data.commandid) continue;
      return refuse(
        'entry-recorded',
        `The entry was recorded as record ${number}: correct or void that record.`,
        'data.commandid',
      );
    }
    return propose('EntryDiscarded', { ...data });
  },
});
