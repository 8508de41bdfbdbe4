import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Lab } from '../lab.js';
import { Identity } from '../people/facts.js';
import type { Credential, Person } from '../people/people.js';
import { credentialNumbered, holds, siteInForce, usableCredentials } from '../people/standing.js';
import { findPerson, isSameHuman } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Confirmation {
  @Required(RecordNumber, 'Lab record of the CredentialEnrolled.')
  credential!: number;

  @Required(Identity, 'How the identity of the holder was checked.')
  identity!: 'in-person' | 'institution' | 'document' | 'own-earlier-credential';
}

/** Confirms that a passkey is that of its holder. Until then it allows nothing. */
export class ConfirmCredential extends LabCommand {
  @Data(Confirmation) readonly data!: Confirmation;
}

export const confirmCredential = defineLabCommand(ConfirmCredential, {
  summary: 'Confirm that a passkey is that of its holder',
  records: 'CredentialConfirmed',
  who: 'anyone',
  refuses: ['credential-unknown', 'passkey-required', 'person-inactive', 'person-unknown', 'second-person'],
  example: { data: { credential: 12, identity: 'in-person' } },
  decide({ data: { credential: number, identity } }, { lab, atMs, actor, signedInMs = atMs }) {
    const credential = credentialNumbered(lab.people, number);
    if (!credential || credential.confirmed || credential.revoked) {
      const message = `Lab record ${number} is no credential that waits for its confirmation.`;
      return refuse('credential-unknown', message, 'data.credential');
    }
    const holder = findPerson(lab, credential.person);
    if (holder instanceof Refusal) return holder;
    const wrong = refuseConfirmer(lab, credential, holder, actor, identity, atMs);
    // Whoever has only a cookie that was stolen enrols a key in the session of its owner, and goes no further.
    if (!wrong && actor === holder.id && signedInMs < credential.enrolledMs)
      return refuse(
        'passkey-required',
        'This passkey was enrolled since you signed in: sign in again by an earlier one, and confirm it then.',
      );
    return wrong ?? [labFact('CredentialConfirmed', { credential: number, identity })];
  },
});

/** Who may confirm, as the table in docs/people.md says. */
function refuseConfirmer(
  lab: Lab,
  credential: Credential,
  holder: Person,
  actor: string,
  identity: string,
  atMs: number,
): Refusal | undefined {
  const { people } = lab;
  const { offer } = credential;
  const hasEarlier = usableCredentials(people, holder).length > 0 && offer?.recovery !== true;
  if (hasEarlier || identity === 'own-earlier-credential') {
    if (hasEarlier && actor === holder.id && identity === 'own-earlier-credential') return undefined;
    return refuse(
      'second-person',
      hasEarlier
        ? `${holder.id} has a passkey that holds: only ${holder.id} confirms the new one, with that one (own-earlier-credential).`
        : `${holder.id} has no earlier passkey that holds: another person checks who ${holder.id} is.`,
      'data.identity',
    );
  }
  if (isSameHuman(lab, actor, holder.id))
    return refuse('second-person', `Somebody other than ${holder.id} has to check who ${holder.id} is.`);
  const confirmer = people.persons.get(actor);
  if (!confirmer?.grants.some((grant) => holds(grant, atMs)))
    return refuse('second-person', `${actor} holds no role: somebody with a role confirms.`);
  if (offer && isSameHuman(lab, actor, offer.by) && othersCouldConfirm(lab, offer.by, atMs))
    return refuse(
      'second-person',
      `${offer.by} handed out the link, so somebody else has to confirm: a third person with a passkey, signed in, on the page behind their name. Where nobody else can sign in: study-ledger people recover.`,
    );
  return undefined;
}

const MONTH_MS = 30 * 86_400_000;

/**
 * Whether anybody but the offerer has a passkey that holds, or had one until the offerer ended it in the last 30 days. The
 * holder counts: an administrator cannot put a key of their own in the place of one that works.
 */
function othersCouldConfirm(lab: Lab, offerer: string, atMs: number): boolean {
  const { people } = lab;
  const endedByOfferer = (ended: { by: string; atMs: number } | undefined): boolean =>
    ended !== undefined && isSameHuman(lab, ended.by, offerer) && atMs - ended.atMs < MONTH_MS;
  const rpId = siteInForce(people)?.rpId;
  return [...people.persons.values()].some((person) => {
    if (isSameHuman(lab, person.id, offerer)) return false;
    if (person.deactivated && !endedByOfferer(person.deactivated)) return false;
    return person.credentials.some(
      (one) => one.confirmed && one.rpId === rpId && (!one.revoked || endedByOfferer(one.revoked)),
    );
  });
}
