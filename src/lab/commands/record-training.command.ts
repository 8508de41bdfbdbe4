import { CalendarDate, PersonId, Sha256Hex } from '../../study/schema.js';
import { Type } from '../../study/schema-types.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { commandNamed } from '../../study/catalogue.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { Procedure } from '../people/facts.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Training {
  @Required(PersonId, 'The person.')
  person!: string;

  @Required(
    Type.Array(Procedure, { minItems: 1, maxItems: 40, uniqueItems: true }),
    'The procedures, each as the command that records it, such as LigateNerve.',
  )
  procedures!: string[];

  @Required(CalendarDate, 'When the person became competent.')
  on!: string;

  @Optional(CalendarDate, 'The last day on which it holds.')
  until?: string;

  @Optional(Sha256Hex, 'SHA-256 of the certificate, hex.')
  evidence?: string;
}

/** Says that a person is trained for procedures. */
export class RecordTraining extends LabCommand {
  @Data(Training) readonly data!: Training;
}

export const recordTraining = defineLabCommand(RecordTraining, {
  summary: 'Record that a person is trained',
  records: 'TrainingRecorded',
  who: 'administrator',
  refuses: ['command-unknown', 'person-inactive', 'person-unknown', 'role-dates'],
  example: {
    data: { person: 'surgeon-1', procedures: ['LigateNerve', 'ImplantElectrode'], on: '2026-01-15' },
  },
  decide({ data }, { lab }) {
    const person = findPerson(lab, data.person);
    if (person instanceof Refusal) return person;
    const unknown = data.procedures.find((name) => !commandNamed(name));
    if (unknown !== undefined)
      return refuse(
        'command-unknown',
        `There is no procedure ${unknown}: name a command, such as LigateNerve.`,
        'data.procedures',
      );
    if (data.until !== undefined && data.until < data.on)
      return refuse(
        'role-dates',
        `The training would end on ${data.until}, before it begins on ${data.on}.`,
        'data.until',
      );
    return [labFact('TrainingRecorded', { ...data })];
  },
});
