import type { Disclosures } from '../identity/disclosures.js';
import type { Lab } from '../lab/lab.js';
import type { Commitment } from '../tlog/commitment.js';
import type { Person } from '../lab/people/people.js';
import { hasRoleConflict, holds, isUsable, siteInForce } from '../lab/people/standing.js';
import { warnOfPeople } from '../lab/people/roster.js';
import { utcInstant } from '../study/instant.js';

/** A person as it is shown to administrators and to the person: names as far as they are disclosed. */
export function describePerson(
  { people }: Lab,
  person: Person,
  disclosures: Pick<Disclosures, 'open'>,
  atMs: number,
) {
  const rpId = siteInForce(people)?.rpId;
  const opened = (commitment: Commitment): string | null => {
    const value = disclosures.open(commitment);
    return typeof value === 'string' ? value : null;
  };
  return {
    person: person.id,
    name: opened(person.name),
    record: person.number,
    ...(person.sameIndividual !== undefined && { sameIndividual: person.sameIndividual }),
    ...(person.deactivated && { deactivated: person.deactivated.number }),
    roleConflict: hasRoleConflict(people, person.id, atMs),
    roles: person.grants.map((grant) => ({
      record: grant.number,
      role: grant.role,
      ...(grant.study !== undefined && { study: grant.study }),
      ...(grant.fromMs !== undefined && { from: utcInstant(grant.fromMs) }),
      ...(grant.untilMs !== undefined && { until: utcInstant(grant.untilMs) }),
      ...(grant.conflict !== undefined && { conflict: grant.conflict }),
      ...(grant.revoked !== undefined && { revoked: grant.revoked }),
      holds: !person.deactivated && holds(grant, atMs),
    })),
    credentials: person.credentials.map((credential) => ({
      record: credential.number,
      label: opened(credential.label),
      rpId: credential.rpId,
      attachment: credential.attachment,
      backupEligible: credential.backupEligible,
      enrolledAt: utcInstant(credential.enrolledMs),
      ...(credential.confirmed && { confirmed: credential.confirmed }),
      ...(credential.revoked && { revoked: credential.revoked.number }),
      usable: !person.deactivated && isUsable(credential, rpId),
    })),
    links: person.links.map(({ number, issuer, revoked }) => ({
      record: number,
      issuer,
      ...(revoked !== undefined && { revoked }),
    })),
    tokens: person.tokens.map((token) => ({
      record: token.number,
      label: opened(token.label),
      roles: token.roles,
      ...(token.study !== undefined && { study: token.study }),
      until: utcInstant(token.untilMs),
      ...(token.revoked !== undefined && { revoked: token.revoked }),
    })),
    training: person.training.map(({ number, procedures, on, until, evidence }) => ({
      record: number,
      procedures,
      on,
      ...(until !== undefined && { until }),
      ...(evidence !== undefined && { evidence }),
    })),
    ...(person.attestation && {
      attestation: { record: person.attestation.number, at: utcInstant(person.attestation.atMs) },
    }),
    ...(person.offer && {
      offer: {
        record: person.offer.number,
        by: person.offer.by,
        until: utcInstant(person.offer.untilMs),
        recovery: person.offer.recovery,
      },
    }),
  };
}

/** Who there is, at a size of the lab and at an instant. */
export function describePeople(lab: Lab, disclosures: Pick<Disclosures, 'open'>, atMs: number) {
  const { people } = lab;
  return {
    begun: people.begunAt ?? null,
    sites: people.sites.map(({ number, by, configuredMs, confirmed, oidc, ...site }) => ({
      record: number,
      by,
      ...site,
      ...(oidc && { oidc }),
      configuredAt: utcInstant(configuredMs),
      ...(confirmed && { confirmed: confirmed.number, confirmedBy: confirmed.by }),
    })),
    people: [...people.persons.values()].map((person) => describePerson(lab, person, disclosures, atMs)),
    redactions: [...people.redactions.values()].map(({ number, by, asked, redacted }) => ({
      record: number,
      by,
      ...asked,
      ...(redacted !== undefined && { redacted }),
    })),
    recoveries: people.recoveries,
    warnings: warnOfPeople(people, atMs),
  };
}
