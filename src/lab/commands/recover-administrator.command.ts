import { Type } from '../../study/schema-types.js';
import { Line, PersonId } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { RecoveryCause, type PeopleEventData } from '../people/facts.js';
import type { Lab } from '../lab.js';
import { conflictsWith, rolesOf } from '../people/standing.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';
import { OFFER_MS, untilAfter } from './offer-enrolment.command.js';
import { refuseName } from './register-person.command.js';

class Recovery {
  @Required(PersonId, 'The administrator: one who is there, or a new one.')
  administrator!: string;

  @Optional(Line, 'Name of a new administrator.')
  name?: string;

  @Required(RecoveryCause, 'Why.')
  cause!: 'lost' | 'stolen' | 'left' | 'unreachable';

  @Optional(Type.Boolean(), 'True where the id occurs in a study and is this person.')
  confirmOccurrences?: boolean;
}

/** Gives an administrator a new enrolment from the folder of the ledger. It stays a finding for ever. */
export class RecoverAdministrator extends LabCommand {
  @Data(Recovery) readonly data!: Recovery;
}

export const recoverAdministrator = defineLabCommand(RecoverAdministrator, {
  summary: 'Give an administrator a new enrolment, from the folder of the ledger',
  records: 'AdministratorRecovered',
  who: 'ledger',
  personal: ['name'],
  handsOut: 'enrolment code',
  refuses: ['field-missing', 'no-administrator', 'occurs-in-study', 'person-inactive', 'person-reserved'],
  occurrencesOf: ({ data }) => ({ person: data.administrator }),
  example: { data: { administrator: 'admin-1', cause: 'lost' } },
  decide(
    { data: { administrator: person, name, cause, confirmOccurrences = false } },
    { lab, atMs, commitments, secretSha256, occursIn },
  ) {
    const { people } = lab;
    if (people.begunAt === undefined)
      return refuse(
        'no-administrator',
        'Nobody has enrolled a passkey in this ledger yet: use study-ledger people begin, and run it again if its link is lost.',
      );
    const known = people.persons.get(person);
    if (known?.deactivated)
      return refuse(
        'person-inactive',
        `${person} is deactivated: name a new administrator.`,
        'data.administrator',
      );
    if (!known && name === undefined)
      return refuse(
        'field-missing',
        'data.name is missing: a new administrator is registered with a name.',
        'data.name',
      );
    const wrong = known ? undefined : refuseName(lab, person, occursIn, confirmOccurrences);
    if (wrong) return wrong;
    return [
      ...(known ? [] : [labFact('PersonRegistered', { person, name: commitments['name']! })]),
      ...(rolesOf(known, atMs).has('administrator')
        ? []
        : [labFact('RoleGranted', administratorGrant(lab, person, atMs))]),
      labFact('AdministratorRecovered', { person, cause }),
      labFact('EnrolmentOffered', {
        person,
        sha256: secretSha256,
        until: untilAfter(atMs, OFFER_MS),
        recovery: true,
      }),
    ];
  },
});

/** From the folder nobody can be asked, so a conflict with another role of the same person is marked. */
function administratorGrant({ people }: Lab, person: string, atMs: number): PeopleEventData['RoleGranted'] {
  const grant = { person, role: 'administrator' } as const;
  return conflictsWith(people, grant, atMs).length > 0 ? { ...grant, conflict: 'set-up' } : grant;
}
