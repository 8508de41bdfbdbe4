import type { Role } from '../../study/who.js';

/** What a role is for, as an administrator who grants it is told. */
export const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  administrator: 'people, roles, keys and backups; records nothing in a study',
  director: 'directs studies: protocols, exclusions, what departed from the protocol, closing',
  technician: 'records what is done to animals and what is measured',
  veterinarian: 'cares for animals: welfare, endpoints, severity, rescue drugs',
  statistician: 'reads studies and takes their data out',
  quality: 'quality assurance: reads, inspects and records no fact',
  management: 'test facility management: registers studies, replaces directors, archives',
  inspector: 'an inspector from outside: reads',
};

/** `director`, `technician in KET-01`. */
export function roleInWords({
  role,
  study,
}: {
  readonly role: string;
  readonly study?: string | undefined;
}): string {
  return study === undefined ? role : `${role} in ${study}`;
}

/** How somebody made sure of who a person is, as the end of “checked …”. */
export const IDENTITY_CHECKS = [
  ['in-person', 'in person'],
  ['institution', 'by the institution’s register'],
  ['document', 'by a document'],
] as const;

export const REVOCATION_CAUSES = [
  ['lost', 'it was lost'],
  ['stolen', 'it was stolen'],
  ['replaced', 'it was replaced'],
  ['left', 'its holder left'],
] as const;

export const ROLE_CAUSES = [
  ['new-duties', 'new duties'],
  ['left', 'the person left'],
  ['review', 'a review of roles'],
  ['conflict', 'it conflicts with another role'],
  ['mistake', 'it was a mistake'],
] as const;

export const CONFLICT_REASONS = [
  ['small-laboratory', 'the laboratory is too small to part them'],
  ['absence-cover', 'it covers an absence'],
  ['set-up', 'the laboratory is being set up'],
] as const;

export const DEACTIVATION_CAUSES = [
  ['left', 'the person left'],
  ['duplicate', 'the person has another id'],
  ['misuse', 'misuse'],
  ['mistake', 'it was a mistake'],
] as const;

export const LEGAL_BASES = [
  ['gdpr-17', 'the person asks for it (GDPR, article 17)'],
  ['court-order', 'a court orders it'],
  ['other-law', 'another law asks for it'],
] as const;
