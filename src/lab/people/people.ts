import type { Role } from '../../study/who.js';
import type { Commitment } from '../../tlog/commitment.js';
import type { PeopleEventData, TokenRole } from './facts.js';

/** The actor of what the ledger records by itself. */
export const LEDGER_ITSELF = 'study-ledger';

export interface Person {
  readonly id: string;
  /** Lab record of PersonRegistered. */
  readonly number: number;
  readonly name: Commitment;
  readonly sameIndividual?: string | undefined;
  readonly deactivated?: Ended;
  /** The open offer of a credential. */
  readonly offer?: Offer | undefined;
  readonly grants: readonly Grant[];
  readonly credentials: readonly Credential[];
  readonly tokens: readonly Token[];
  readonly links: readonly Link[];
  readonly training: readonly Training[];
  /** That a signature binds like one by hand. */
  readonly attestation?: { readonly number: number; readonly text: string; readonly atMs: number };
}

export interface Offer {
  readonly number: number;
  readonly by: string;
  /** Of the code, hex. */
  readonly sha256: string;
  readonly untilMs: number;
  readonly recovery: boolean;
}

export interface Credential {
  readonly number: number;
  /** Of the command that enrolled it. */
  readonly commandId: string;
  readonly person: string;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly alg: number;
  readonly rpId: string;
  readonly label: Commitment;
  readonly backupEligible: boolean;
  readonly attachment: string;
  /** The offer that it was enrolled by; undefined where the person was signed in. */
  readonly offer?: Offer | undefined;
  readonly enrolledMs: number;
  readonly confirmed?: Ended & { readonly identity: string };
  readonly revoked?: Ended;
}

/** The lab record that ended or confirmed something, who made it, and when. */
export interface Ended {
  readonly number: number;
  readonly by: string;
  readonly atMs: number;
}

export interface Grant {
  readonly number: number;
  readonly person: string;
  readonly role: Role;
  readonly study?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly conflict?: string | undefined;
  /** Lab record that ended it. */
  readonly revoked?: number;
}

export interface Token {
  readonly number: number;
  readonly person: string;
  readonly sha256: string;
  readonly label: Commitment;
  readonly roles: readonly TokenRole[];
  readonly study?: string | undefined;
  readonly untilMs: number;
  readonly revoked?: number;
}

/** An identity at the institution's provider. */
export interface Link {
  readonly number: number;
  readonly issuer: string;
  readonly subject: string;
  readonly revoked?: number;
}

export type Training = PeopleEventData['TrainingRecorded'] & { readonly number: number };

export interface Site {
  /** Lab record of SiteConfigured. */
  readonly number: number;
  readonly by: string;
  readonly origin: string;
  readonly rpId: string;
  readonly zone: string;
  readonly oidc?: { readonly issuer: string; readonly clientId: string } | undefined;
  readonly passkeys: 'any' | 'device-bound';
  readonly configuredMs: number;
  readonly confirmed?: Ended;
}

export interface RedactionRequest {
  readonly number: number;
  readonly by: string;
  readonly asked: PeopleEventData['RedactionRequested'];
  readonly redacted?: number;
}

/** Who there is, which keys are theirs, and what they may: part of the fold of the `lab` stream. */
export interface People {
  readonly persons: ReadonlyMap<string, Person>;
  /** Lab record of an enrolment, a token or a grant → whose it is. */
  readonly holders: ReadonlyMap<number, string>;
  /** Every key and id of a credential that was ever enrolled, and every linked identity → whose it is. */
  readonly taken: ReadonlyMap<string, string>;
  /** SHA-256 of a token, hex → its lab record. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Oldest first. */
  readonly sites: readonly Site[];
  readonly redactions: ReadonlyMap<number, RedactionRequest>;
  /** `number` and JSON Pointer of a personal text in the lab → the digest that stands there. */
  readonly commitments: ReadonlyMap<string, string>;
  /** Every id of a human who has several, by each of them. */
  readonly individuals: ReadonlyMap<string, ReadonlySet<string>>;
  /** Lab record of the first CredentialConfirmed: from here on persons act, and nobody else. */
  readonly begunAt: number | undefined;
  /** Lab records of AdministratorRecovered. */
  readonly recoveries: readonly number[];
}

export const NO_PEOPLE: People = {
  persons: new Map(),
  holders: new Map(),
  taken: new Map(),
  tokens: new Map(),
  sites: [],
  redactions: new Map(),
  commitments: new Map(),
  individuals: new Map(),
  begunAt: undefined,
  recoveries: [],
};

export function placeOf(number: number, pointer: string): string {
  return `${number} ${pointer}`;
}

export function identityKey(issuer: string, subject: string): string {
  return `identity ${issuer} ${subject}`;
}
