import type { AccessEventData, AccessEventType } from '../../lab/access.js';
import { counted } from './phrase.js';

/** The kinds of records of the access log, as its page lists them. */
export const ACCESS_KINDS: readonly (readonly [type: AccessEventType, words: string])[] = [
  ['SignedIn', 'sign-ins'],
  ['SignedOut', 'sign-outs'],
  ['SignInFailed', 'failed sign-ins'],
  ['CommandRefused', 'refused commands'],
  ['BundleExported', 'evidence bundles'],
  ['FileMade', 'files'],
];

/** What a record of the access log says, as one sentence that its person begins. */
export function accessSentence<T extends AccessEventType>({
  type,
  data,
}: {
  readonly type: T;
  readonly data: AccessEventData[T];
}): string {
  return (TELLERS[type] as (data: AccessEventData[T]) => string)(data);
}

const METHODS: Readonly<Record<AccessEventData['SignedIn']['method'], string>> = {
  passkey: 'by the passkey',
  oidc: 'through the institution',
  simulated: 'as a simulated person',
};

const TELLERS: { readonly [T in AccessEventType]: (data: AccessEventData[T]) => string } = {
  SignedIn: ({ method, credential, identity }) =>
    `Signed in ${METHODS[method]}${credential === undefined ? '' : ` of lab record ${credential}`}${identity === undefined ? '' : ` (lab record ${identity})`}.`,
  SignedOut: ({ cause }) =>
    cause === 'replaced' ? 'Signed in anew in the same browser, which ended a session.' : 'Signed out.',
  SignInFailed: ({ count }) => `Signing in failed ${counted(count, 'time')}.`,
  CommandRefused: ({ command, study, code, field, count }) =>
    `Was refused ${command}${inStudy(study)}: ${code}${field === undefined ? '' : ` (${field})`}${times(count)}.`,
  BundleExported: ({ study, subject, size }) =>
    `Took out a bundle of evidence of ${study}${subject === undefined ? '' : `, animal ${subject}`}: ${counted(size, 'record')}.`,
  FileMade: ({ file, study, year, count }) =>
    `Took out ${file}${study === undefined ? '' : ` of ${study}`}${year === undefined ? '' : ` for ${year}`}${times(count)}.`,
};

function inStudy(study: string | undefined): string {
  return study === undefined ? '' : ` in ${study}`;
}

/** `, 3 times`; nothing for once. */
function times(count: number): string {
  return count === 1 ? '' : `, ${counted(count, 'time')}`;
}
