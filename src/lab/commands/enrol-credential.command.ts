import { Type } from '../../study/schema-types.js';
import { Line, PersonId, Sha256Hex } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Submission } from '../../study/commands/common/command.js';
import type { Lab } from '../lab.js';
import { identify, isConfirmed, refuseStale } from '../people/authority.js';
import { PEOPLE_EVENTS } from '../people/facts.js';
import { LEDGER_ITSELF } from '../people/people.js';
import { siteProposed, siteInForce } from '../people/standing.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

const { credentialId, publicKey, alg, rpId, attachment } = PEOPLE_EVENTS.CredentialEnrolled.properties;

class NewCredential {
  @Required(PersonId, 'Whose it is.')
  person!: string;

  @Optional(Sha256Hex, 'Of the code of the link, hex.')
  code?: string;

  @Required(credentialId, 'Id of the credential.')
  credentialId!: string;

  @Required(publicKey, 'The public key, SPKI.')
  publicKey!: string;

  @Required(alg, 'COSE algorithm.')
  alg!: -7 | -8 | -257;

  @Required(rpId, 'The host that it is bound to.')
  rpId!: string;

  @Required(Line, 'What its holder calls it.')
  label!: string;

  @Required(Type.Boolean(), 'Whether it may be copied to other devices.')
  backupEligible!: boolean;

  @Required(attachment, 'Where it lives.')
  attachment!: 'platform' | 'cross-platform' | 'unknown';
}

/** Enrols a passkey, at the end of a ceremony that the server led. */
export class EnrolCredential extends LabCommand {
  @Data(NewCredential) readonly data!: NewCredential;
}

export const enrolCredential = defineLabCommand(EnrolCredential, {
  summary: 'Enrol a passkey',
  records: 'CredentialEnrolled',
  who: 'ledger',
  personal: ['label'],
  refuses: [
    'credential-exists',
    'offer-invalid',
    'passkey-required',
    'passkey-syncable',
    'person-inactive',
    'person-unknown',
  ],
  example: {},
  decide({ data, submission }, { lab, atMs, commitments }) {
    const { person: id, code, label: _, ...key } = data;
    const person = findPerson(lab, id);
    if (person instanceof Refusal) return person;
    const offer = code === undefined ? undefined : person.offer;
    if (code !== undefined && (!offer || offer.sha256 !== code || atMs >= offer.untilMs))
      return refuseOffer();
    const notOwn = offer ? undefined : refuseUnlessOwn(lab, submission, id, atMs);
    if (notOwn) return notOwn;
    const unfit = refuseKey(lab, data);
    if (unfit) return unfit;
    const number = lab.size;
    const enrolled = labFact('CredentialEnrolled', {
      ...key,
      person: id,
      label: commitments['label']!,
      ...(offer && { offer: offer.number }),
    });
    // What the ledger itself offered, on its own folder, it confirms.
    if (offer?.by !== LEDGER_ITSELF) return [enrolled];
    return [enrolled, labFact('CredentialConfirmed', { credential: number, identity: 'system' }, true)];
  },
});

/** Without a link, a passkey is enrolled by its holder, who has just used a confirmed one. */
function refuseUnlessOwn(lab: Lab, asking: Submission, id: string, atMs: number): Refusal | undefined {
  const person = identify(lab, asking, atMs);
  if (person instanceof Refusal) return person;
  if (person?.id === id && asking.by?.method === 'passkey' && isConfirmed(lab, asking))
    return refuseStale(asking, atMs);
  return refuse(
    'passkey-required',
    'Sign in by a confirmed passkey first, or open the link that you were given.',
  );
}

export function refuseOffer(): Refusal {
  return refuse(
    'offer-invalid',
    'This link is wrong, was used already, or has ended: ask an administrator for a new one.',
    'data.code',
  );
}

function refuseKey({ people }: Lab, data: NewCredential): Refusal | undefined {
  const [inForce, proposed] = [siteInForce(people), siteProposed(people)];
  const site = data.rpId === proposed?.rpId ? proposed : inForce;
  if (site?.rpId !== data.rpId)
    return refuse(
      'offer-invalid',
      `A passkey for ${data.rpId} is of no use here: open ${site?.origin}.`,
      'data.rpId',
    );
  if (people.taken.has(`id ${data.credentialId}`) || people.taken.has(`key ${data.publicKey}`))
    return refuse('credential-exists', 'This passkey was enrolled before: enrol another one.');
  if (data.backupEligible && [site, inForce].some((one) => one?.passkeys === 'device-bound'))
    return refuse(
      'passkey-syncable',
      'This laboratory takes security keys only, not passkeys that are copied to other devices.',
    );
  return undefined;
}
