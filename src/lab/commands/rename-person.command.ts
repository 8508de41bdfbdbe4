import { Line, PersonId } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { Refusal } from '../../study/refusal.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class NewName {
  @Required(PersonId, 'The person.')
  person!: string;

  @Required(Line, 'The name from now on.')
  name!: string;
}

/** Changes the name of a person. The id stays. */
export class RenamePerson extends LabCommand {
  @Data(NewName) readonly data!: NewName;
}

export const renamePerson = defineLabCommand(RenamePerson, {
  summary: 'Change the name of a person',
  records: 'PersonRenamed',
  who: 'administrator',
  personal: ['name'],
  refuses: ['person-inactive', 'person-unknown'],
  example: { data: { person: 'tech-1', name: 'T. Example-Jansen' } },
  decide({ data }, { lab, commitments }) {
    const person = findPerson(lab, data.person);
    if (person instanceof Refusal) return person;
    return [labFact('PersonRenamed', { person: person.id, name: commitments['name']! })];
  },
});
