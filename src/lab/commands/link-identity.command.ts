import { PersonId } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { PEOPLE_EVENTS } from '../people/facts.js';
import { identityKey } from '../people/people.js';
import { isLinkInForce } from '../people/standing.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

const { issuer, subject } = PEOPLE_EVENTS.IdentityLinked.properties;

class Linking {
  @Required(PersonId, 'The person.')
  person!: string;

  @Required(issuer, 'The provider.')
  issuer!: string;

  @Required(subject, 'Digest of the identity there.')
  subject!: string;
}

/** Links an identity at the institution’s provider, at the end of a sign-in there that the person began. */
export class LinkIdentity extends LabCommand {
  @Data(Linking) readonly data!: Linking;
}

export const linkIdentity = defineLabCommand(LinkIdentity, {
  summary: 'Link an identity at the institution’s provider',
  records: 'IdentityLinked',
  who: 'oneself',
  concerns: ({ data }) => data.person,
  refuses: ['identity-taken', 'person-inactive', 'person-unknown'],
  example: {},
  decide({ data }, { lab }) {
    const person = findPerson(lab, data.person);
    if (person instanceof Refusal) return person;
    const taken = lab.people.taken.get(identityKey(data.issuer, data.subject));
    if (taken !== undefined && taken !== person.id)
      return refuse(
        'identity-taken',
        'This identity belongs to another person here: sign in there with your own.',
      );
    if (
      taken !== undefined &&
      person.links.some((link) => link.subject === data.subject && isLinkInForce(lab.people, link))
    )
      return [];
    return [labFact('IdentityLinked', { ...data })];
  },
});
