import type { PeopleEventData, PeopleEventType } from '../../lab/people/facts.js';
import { isPeopleEvent } from '../../lab/people/facts.js';
import { clockOf, dateInWords, offsetOf } from './dates.js';
import { roleInWords } from './roles.js';
import type { Phrase } from './phrase.js';

/** Whose the credential, grant or token is that a lab record names by its number. */
export type HolderOf = (number: number) => string;

type Teller<T extends PeopleEventType> = (data: PeopleEventData[T], holderOf: HolderOf) => Phrase[];

/** What a record about people says, as one sentence. Names and labels are not in the record, so not in the sentence. */
export function labSentence(
  { type, data }: { readonly type: string; readonly data: object },
  holderOf: HolderOf,
): Phrase[] | undefined {
  return isPeopleEvent(type)
    ? (TELLERS[type] as Teller<PeopleEventType>)(data as never, holderOf)
    : undefined;
}

const CHECKED: Readonly<Record<PeopleEventData['CredentialConfirmed']['identity'], string>> = {
  'in-person': 'the identity was checked in person',
  institution: 'the identity was checked by the institution’s register',
  document: 'the identity was checked by a document',
  'own-earlier-credential': 'its holder confirmed it with an earlier one',
  system: 'the ledger had offered it on its own folder',
};

const TELLERS: { readonly [T in PeopleEventType]: Teller<T> } = {
  SiteConfigured: ({ origin, passkeys, oidc }) => [
    `The address ${origin} was configured${passkeys === 'device-bound' ? ', for keys that stay on one device' : ''}${oidc ? `, with sign-in through ${oidc.issuer}` : ''}.`,
  ],
  SiteConfirmed: ({ site }) => ['The address of ', { record: site }, ' was put in force.'],
  PersonRegistered: ({ person, sameIndividual }) => [
    `${person} was registered${sameIndividual === undefined ? '' : `, the same person as ${sameIndividual}`}.`,
  ],
  PersonRenamed: ({ person }) => [`The name of ${person} was changed.`],
  EnrolmentOffered: ({ person, until, recovery }) => [
    `${person} was offered a link to enrol a passkey${recovery ? ' after a loss' : ''}, until ${instantInWords(until)}.`,
  ],
  CredentialEnrolled: ({ person, offer, attachment, backupEligible }) => [
    `${person} enrolled a passkey, ${keyInWords({ attachment, backupEligible })}`,
    ...(offer === undefined ? [', when signed in'] : [', by the link of ', { record: offer }]),
    '.',
  ],
  CredentialConfirmed: ({ credential, identity }, holderOf) => [
    `The passkey of ${holderOf(credential)} (`,
    { record: credential },
    `) was confirmed: ${CHECKED[identity]}.`,
  ],
  CredentialRevoked: ({ credential, cause }, holderOf) => [
    `The passkey of ${holderOf(credential)} (`,
    { record: credential },
    `) was revoked: ${cause}.`,
  ],
  AttestationGiven: () => ['That an electronic signature binds like one by hand was stated.'],
  IdentityLinked: ({ person, issuer }) => [`${person} linked an account at ${issuer}.`],
  TokenIssued: ({ person, roles, study, until }) => [
    `${person} issued a token for a program${study === undefined ? '' : ` in ${study}`}: ${roles.map(words).join(', ')}, until ${instantInWords(until)}.`,
  ],
  TokenRevoked: ({ token, cause }, holderOf) => [
    `The token of ${holderOf(token)} (`,
    { record: token },
    `) was revoked: ${cause}.`,
  ],
  RoleGranted: ({ person, from, until, conflict, ...grant }) => [
    `${person} was given the role ${roleInWords(grant)}${from === undefined ? '' : `, from ${instantInWords(from)}`}${until === undefined ? '' : `, until ${instantInWords(until)}`}${conflict === undefined ? '' : `, although it conflicts with another role: ${words(conflict)}`}.`,
  ],
  RoleRevoked: ({ grant, cause }, holderOf) => [
    `A role of ${holderOf(grant)} (`,
    { record: grant },
    `) was revoked: ${words(cause)}.`,
  ],
  TrainingRecorded: ({ person, procedures, on, until }) => [
    `${person} is trained since ${dateInWords(on)}${until === undefined ? '' : ` until ${dateInWords(until)}`}: ${procedures.join(', ')}.`,
  ],
  PersonDeactivated: ({ person, cause }) => [`${person} was deactivated: ${words(cause)}.`],
  RedactionRequested: ({ stream, number, pointer, legalBasis }) => [
    `Erasing ${pointer} of ${stream} record ${number} was asked for (${words(legalBasis)}).`,
  ],
  FieldRedacted: ({ stream, number, pointer, request }) => [
    `${pointer} of ${stream} record ${number} was erased, as asked for by `,
    { record: request },
    '.',
  ],
  AdministratorRecovered: ({ person, cause }) => [
    `${person} was given back the role of administrator from the folder of the ledger: ${words(cause)}.`,
  ],
};

/** `a security key that stays on one device`. */
export function keyInWords({
  attachment,
  backupEligible,
}: {
  readonly attachment: string;
  readonly backupEligible: boolean;
}): string {
  const kind =
    attachment === 'cross-platform'
      ? 'a security key or phone'
      : attachment === 'platform'
        ? 'of this device'
        : 'of an unknown kind';
  return backupEligible
    ? `${kind}, which may be copied to other devices`
    : `${kind}, which stays on one device`;
}

function instantInWords(instant: string): string {
  return `${dateInWords(instant)}, ${clockOf(instant)} (${offsetOf(instant)})`;
}

function words(code: string): string {
  return code.replaceAll('-', ' ');
}
