import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import type { LogName } from '../origins.js';
import { LegalBasis, PersonalStream, Pointer } from '../people/facts.js';
import { placeOf } from '../people/people.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class RedactionAsked {
  @Required(PersonalStream, 'The log that holds it.')
  stream!: string;

  @Required(RecordNumber, 'The record.')
  number!: number;

  @Required(Pointer, 'The text in it, such as /data/name, or /data/findings of an inspection.')
  pointer!: string;

  @Required(LegalBasis, 'Why it has to be erased.')
  legalBasis!: 'gdpr-17' | 'court-order' | 'other-law';
}

/** Asks for a personal text, or for what an inspection found, to be erased. A second person confirms. */
export class RequestRedaction extends LabCommand {
  @Data(RedactionAsked) readonly data!: RedactionAsked;
}

export const requestRedaction = defineLabCommand(RequestRedaction, {
  summary: 'Ask for a personal text to be erased',
  records: 'RedactionRequested',
  who: 'administrator',
  refuses: ['redaction-unknown'],
  example: { data: { stream: 'lab', number: 5, pointer: '/data/name', legalBasis: 'gdpr-17' } },
  committedAt: ({ data: { stream, number, pointer } }) => ({ log: stream as LogName, number, pointer }),
  decide({ data }, { lab, committed }) {
    const digest =
      data.stream === 'lab' ? lab.people.commitments.get(placeOf(data.number, data.pointer)) : committed;
    if (digest === undefined) {
      const message = `Record ${data.number} of ${data.stream} holds no personal text at ${data.pointer}.`;
      return refuse('redaction-unknown', message, 'data.pointer');
    }
    return [labFact('RedactionRequested', { ...data, digest })];
  },
});
