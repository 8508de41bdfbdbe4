import type { Lab } from '../../lab/lab.js';
import { credentialNumbered, isUsable, siteInForce } from '../../lab/people/standing.js';
import type { Credential, Person, Site } from '../../lab/people/people.js';
import type { Submission } from '../../study/commands/common/command.js';
import { refuse, type Refusal } from '../../study/refusal.js';

/** Whoever signs, with the passkey that does it and the site that it is for. */
export interface Signer {
  readonly person: Person;
  readonly credential: Credential;
  readonly site: Site;
}

export type SignerRefusal = 'attestation-missing' | 'passkey-required';

/** Whether somebody can sign at all: by a confirmed passkey of the site in force, and after stating that it binds. */
export function findSigner(
  { people, simulated }: Lab,
  { actor, by }: Pick<Submission, 'actor' | 'by'>,
): Signer | Refusal<SignerRefusal> {
  const person = people.persons.get(actor);
  const site = siteInForce(people);
  const credential =
    by?.method === 'passkey'
      ? credentialNumbered(people, by.credential ?? -1)
      : simulated && by?.method !== 'token'
        ? person?.credentials.findLast((one) => isUsable(one, site?.rpId))
        : undefined;
  if (!person || !site || credential?.person !== actor || !isUsable(credential, site.rpId))
    return refuse(
      'passkey-required',
      simulated
        ? `${actor} has no confirmed passkey in this ledger, and a signature is made with one: enrol it, and have it confirmed.`
        : 'A signature is made with a passkey: sign in by yours, prepare the signature at …/signatures/prepare, and send what the passkey signed to …/signatures.',
    );
  if (!person.attestation)
    return refuse(
      'attestation-missing',
      `${actor} has not stated yet that an electronic signature binds like one by hand: do so once, on the page /me, or read /api/v1/attestation and send GiveAttestation.`,
    );
  return { person, credential, site };
}
