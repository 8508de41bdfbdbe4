import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { isSameHuman } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Redaction {
  @Required(RecordNumber, 'Lab record of the RedactionRequested.')
  request!: number;
}

/** Confirms that a personal text is erased: what opens its commitment is then deleted. No leaf changes. */
export class RedactField extends LabCommand {
  @Data(Redaction) readonly data!: Redaction;
}

export const redactField = defineLabCommand(RedactField, {
  summary: 'Confirm that a personal text is erased',
  records: 'FieldRedacted',
  who: 'anyone',
  refuses: ['redaction-unknown', 'second-person'],
  example: { data: { request: 50 } },
  decide({ data: { request: number } }, { lab, actor }) {
    const request = lab.people.redactions.get(number);
    if (!request || request.redacted !== undefined) {
      const message = `Lab record ${number} is no open request to erase something.`;
      return refuse('redaction-unknown', message, 'data.request');
    }
    if (isSameHuman(lab, actor, request.by))
      return refuse('second-person', `${request.by} asked for it, so another person has to confirm.`);
    return [labFact('FieldRedacted', { ...request.asked, request: number })];
  },
});
