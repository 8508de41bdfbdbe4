import { Type } from '../../study/schema-types.js';
import { Line, PersonId } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { Origin, PasskeyPolicy, RpId, Zone } from '../people/facts.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';
import { refuseName } from './register-person.command.js';
import { OFFER_MS, untilAfter } from './offer-enrolment.command.js';

class Beginning {
  @Required(Origin, 'The address that people open.')
  origin!: string;

  @Required(RpId, 'The host that passkeys are bound to.')
  rpId!: string;

  @Required(Zone, 'The time zone of the laboratory: what “the same day” means.')
  zone!: string;

  @Required(PasskeyPolicy, 'Which passkeys may be enrolled.')
  passkeys!: 'any' | 'device-bound';

  @Required(PersonId, 'The first administrator.')
  administrator!: string;

  @Required(Line, 'Name of the administrator.')
  name!: string;

  @Optional(PersonId, 'Another id of the same human.')
  sameIndividual?: string;

  @Optional(Type.Boolean(), 'True where the id occurs in a study and is this person.')
  confirmOccurrences?: boolean;
}

/** Says where people sign in, and registers the first administrator. */
export class BeginPeople extends LabCommand {
  @Data(Beginning) readonly data!: Beginning;
}

export const beginPeople = defineLabCommand(BeginPeople, {
  summary: 'Configure the site and register the first administrator',
  records: 'SiteConfigured',
  who: 'ledger',
  personal: ['name'],
  handsOut: 'enrolment code',
  refuses: ['occurs-in-study', 'person-exists', 'person-reserved'],
  occurrencesOf: ({ data }) => ({ person: data.administrator }),
  example: {
    data: {
      origin: 'https://ledger.lab.example',
      rpId: 'ledger.lab.example',
      zone: 'Europe/Amsterdam',
      passkeys: 'any',
      administrator: 'admin-1',
      name: 'A. Example',
    },
  },
  decide({ data }, { lab, atMs, commitments, secretSha256, occursIn }) {
    const { origin, rpId, zone, passkeys, administrator: person, sameIndividual } = data;
    const { confirmOccurrences = false } = data;
    if (lab.people.begunAt !== undefined)
      return refuse('person-exists', 'This ledger has people already: use study-ledger people recover.');
    const known = lab.people.persons.get(person);
    const wrong = known ? undefined : refuseName(lab, person, occursIn, confirmOccurrences);
    if (wrong) return wrong;
    return [
      labFact('SiteConfigured', { origin, rpId, zone, passkeys }),
      // A beginning that was not completed is begun again.
      ...(known
        ? []
        : [
            labFact('PersonRegistered', {
              person,
              name: commitments['name']!,
              ...(sameIndividual !== undefined && { sameIndividual }),
            }),
            labFact('RoleGranted', { person, role: 'administrator' }),
          ]),
      labFact('EnrolmentOffered', {
        person,
        sha256: secretSha256,
        until: untilAfter(atMs, OFFER_MS),
        recovery: false,
      }),
    ];
  },
});
