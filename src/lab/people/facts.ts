import type { Static } from 'typebox';
import {
  CalendarDate,
  Commitment,
  CommitmentDigest,
  Instant,
  PersonId,
  RecordNumber,
  Sha256Hex,
  StudyCode,
  closed,
  described,
} from '../../study/schema.js';
import { Type } from '../../study/schema-types.js';
import { ROLES } from '../../study/who.js';

/** Records about people: who there is, with which keys, in which roles. They hold no name and no free text. */

const Bytes = described('bytes in base64url', { pattern: '^[A-Za-z0-9_-]+$', maxLength: 8000 });

/** Newly registered persons; ids that occur in older studies keep the wider form of `PersonId`. */
export const NEW_PERSON = /^[a-z][a-z0-9-]{1,39}$/;
export const RESERVED_PERSONS: ReadonlySet<string> = new Set([
  'study-ledger',
  'development-identity',
  'system',
  'anonymous',
]);

export const RoleCode = Type.Enum([...ROLES]);

/** `director-records`: what the director may as the technician does, and imports. `metrics`: reads /metrics alone. */
export const TOKEN_ROLES = [
  'technician',
  'veterinarian',
  'statistician',
  'inspector',
  'director-records',
  'metrics',
] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];
export const TokenRoles = Type.Array(Type.Enum([...TOKEN_ROLES]), {
  minItems: 1,
  maxItems: 6,
  uniqueItems: true,
});

export const Origin = described('https://…, or http://localhost with a port', {
  pattern: '^(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|http://localhost(:[0-9]{1,5})?)$',
  maxLength: 300,
});
export const RpId = described('the host of the origin, or a domain that it ends with', {
  pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
  maxLength: 253,
});
/** IANA names, and nothing that could be a sentence. */
export const Zone = described('an IANA time zone, such as Europe/Amsterdam', {
  pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
  maxLength: 60,
});
export const Issuer = described('the address of an OpenID Connect provider', {
  pattern: '^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://localhost(:[0-9]{1,5})?)(/[A-Za-z0-9._~/-]*)?$',
  maxLength: 300,
});
export const ClientId = described('the client id at the provider', {
  pattern: '^[\\x21-\\x7e]+$',
  maxLength: 200,
});
export const OidcProvider = closed({ issuer: Issuer, clientId: ClientId });
export const PasskeyPolicy = Type.Enum(['any', 'device-bound']);
export const Identity = Type.Enum(['in-person', 'institution', 'document', 'own-earlier-credential']);
export const RevocationCause = Type.Enum(['lost', 'stolen', 'replaced', 'left']);
export const RoleCause = Type.Enum(['left', 'new-duties', 'mistake', 'conflict', 'review']);
/** Why a role is granted though it conflicts with another one of the same person. */
export const ConflictReason = Type.Enum(['small-laboratory', 'absence-cover', 'set-up']);
export const DeactivationCause = Type.Enum(['left', 'duplicate', 'misuse', 'mistake']);
export const RecoveryCause = Type.Enum(['lost', 'stolen', 'left', 'unreachable']);
export const LegalBasis = Type.Enum(['gdpr-17', 'court-order', 'other-law']);
/** The name of a command. */
export const Procedure = described('the name of a command, such as LigateNerve', {
  pattern: '^[A-Z][A-Za-z]{1,59}$',
});
export const Pointer = described('a JSON Pointer', { pattern: '^(/[A-Za-z0-9._-]+)+$', maxLength: 200 });
/** A study holds what quality assurance found as a commitment. */
export const PersonalStream = described('lab, access, or study- and a study code', {
  pattern: '^(lab|access|study-[A-Z0-9]+(-[A-Z0-9]+)*)$',
  maxLength: 50,
});

const redaction = {
  stream: PersonalStream,
  number: RecordNumber,
  pointer: Pointer,
  digest: CommitmentDigest,
  legalBasis: LegalBasis,
};

export const PEOPLE_EVENTS = {
  SiteConfigured: closed({
    origin: Origin,
    rpId: RpId,
    zone: Zone,
    oidc: Type.Optional(OidcProvider),
    /** Binds new enrolments only. */
    passkeys: PasskeyPolicy,
  }),
  /** The lab record named is in force from here on. */
  SiteConfirmed: closed({ site: RecordNumber }),
  PersonRegistered: closed({
    person: PersonId,
    name: Commitment,
    /** Another pseudonym of the same human. */
    sameIndividual: Type.Optional(PersonId),
  }),
  PersonRenamed: closed({ person: PersonId, name: Commitment }),
  EnrolmentOffered: closed({
    person: PersonId,
    /** Of the 32 random bytes in the link, hex. */
    sha256: Sha256Hex,
    until: Instant,
    recovery: Type.Boolean(),
  }),
  CredentialEnrolled: closed({
    person: PersonId,
    /** Lab record of the offer; absent where the person was signed in. */
    offer: Type.Optional(RecordNumber),
    credentialId: Bytes,
    /** SPKI, base64url. */
    publicKey: Bytes,
    /** COSE algorithm: ES256, EdDSA, RS256. */
    alg: Type.Union([Type.Literal(-7), Type.Literal(-8), Type.Literal(-257)]),
    rpId: RpId,
    label: Commitment,
    backupEligible: Type.Boolean(),
    attachment: Type.Enum(['platform', 'cross-platform', 'unknown']),
  }),
  CredentialConfirmed: closed({
    credential: RecordNumber,
    identity: Type.Enum(['in-person', 'institution', 'document', 'own-earlier-credential', 'system']),
  }),
  /** By the person who says it. `text`: of what was shown, hex. */
  AttestationGiven: closed({ text: Sha256Hex }),
  CredentialRevoked: closed({ credential: RecordNumber, cause: RevocationCause }),
  IdentityLinked: closed({
    person: PersonId,
    issuer: Issuer,
    /** HMAC-SHA-256 of JCS [issuer, sub], hex: the key lies with the disclosures. */
    subject: Sha256Hex,
  }),
  TokenIssued: closed({
    person: PersonId,
    /** Of the 32 random bytes of the token, hex. */
    sha256: Sha256Hex,
    label: Commitment,
    roles: TokenRoles,
    study: Type.Optional(StudyCode),
    until: Instant,
  }),
  TokenRevoked: closed({ token: RecordNumber, cause: RevocationCause }),
  RoleGranted: closed({
    person: PersonId,
    role: RoleCode,
    /** Every study of the facility where absent. */
    study: Type.Optional(StudyCode),
    from: Type.Optional(Instant),
    until: Type.Optional(Instant),
    /** Why it is granted though it conflicts with another role of the same person. */
    conflict: Type.Optional(ConflictReason),
  }),
  RoleRevoked: closed({ grant: RecordNumber, cause: RoleCause }),
  TrainingRecorded: closed({
    person: PersonId,
    procedures: Type.Array(Procedure, { minItems: 1, maxItems: 40, uniqueItems: true }),
    on: CalendarDate,
    until: Type.Optional(CalendarDate),
    /** Of the certificate, hex. */
    evidence: Type.Optional(Sha256Hex),
  }),
  PersonDeactivated: closed({ person: PersonId, cause: DeactivationCause }),
  RedactionRequested: closed(redaction),
  /** `request`: lab record of the RedactionRequested. */
  FieldRedacted: closed({ ...redaction, request: RecordNumber }),
  AdministratorRecovered: closed({ person: PersonId, cause: RecoveryCause }),
} as const;

export type PeopleEventType = keyof typeof PEOPLE_EVENTS;
export type PeopleEventData = { [T in PeopleEventType]: Static<(typeof PEOPLE_EVENTS)[T]> };

export function isPeopleEvent(type: string): type is PeopleEventType {
  return Object.hasOwn(PEOPLE_EVENTS, type);
}
