import { PersonId } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { Refusal } from '../../study/refusal.js';
import { DeactivationCause } from '../people/facts.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Deactivation {
  @Required(PersonId, 'The person.')
  person!: string;

  @Required(DeactivationCause, 'Why.')
  cause!: 'left' | 'duplicate' | 'misuse' | 'mistake';
}

/** Ends everything that a person may, at once and for ever. A person who returns gets a new id. */
export class DeactivatePerson extends LabCommand {
  @Data(Deactivation) readonly data!: Deactivation;
}

export const deactivatePerson = defineLabCommand(DeactivatePerson, {
  summary: 'End everything that a person may',
  records: 'PersonDeactivated',
  who: 'administrator',
  refuses: ['last-administrator', 'person-inactive', 'person-unknown'],
  example: { data: { person: 'tech-1', cause: 'left' } },
  decide({ data }, { lab }) {
    const person = findPerson(lab, data.person);
    return person instanceof Refusal ? person : [labFact('PersonDeactivated', { ...data })];
  },
});
