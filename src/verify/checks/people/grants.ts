import { quote } from '../printable.js';
import { textOf } from '../record.js';
import { instantOr, type Act, type Fault } from './act.js';
import type { Grant, Registry } from './registry.js';
import { conflictOf, isTokenRole, ROLES } from './role-table.js';
import { endAt, holdsAt } from './span.js';

const LONGEST_TOKEN_MS = 90 * 24 * 3_600_000;

/** Roles of persons, and of programs that act for them. */
export class Grants {
  /** Roles of one human that conflict, as `admin-1: administrator and management`. */
  readonly conflicts = new Set<string>();
  private readonly tokens = new Set<string>();

  constructor(
    private readonly registry: Registry,
    private readonly fail: (act: Act) => Fault,
  ) {}

  grant(act: Act): void {
    const { number, facts } = act;
    const fail = this.fail(act);
    const [id, role] = [textOf(facts['person']), textOf(facts['role'])];
    const person = this.registry.activeAt(id, number);
    if (!person) return fail('person', `grants a role to ${quote(id)}, who is not registered and active`);
    if (!ROLES.includes(role)) return fail('authority', `grants ${quote(role)}, which is no role`);
    const { study, from, until } = facts;
    if (role === 'administrator' && (study ?? from ?? until) !== undefined)
      fail(
        'authority',
        'grants administrator for one study or for a time: it is for the facility, without dates',
      );
    const grant: Grant = {
      at: number,
      end: Infinity,
      person: id,
      role,
      study: study === undefined ? undefined : textOf(study),
      fromMs: instantOr(from, -Infinity),
      untilMs: instantOr(until, Infinity),
    };
    this.checkConflicts(grant, act);
    person.grants.push(grant);
    this.registry.grants.set(number, grant);
  }

  private checkConflicts(grant: Grant, act: Act): void {
    const human = this.registry.humanOf(grant.person);
    for (const { id, grants } of this.registry.pseudonymsOf(human))
      for (const other of grants) {
        const conflict = conflictOf(grant.role, other.role);
        if (
          conflict === undefined ||
          !overlaps(grant, other) ||
          !holdsAt(other, act.number) ||
          other.untilMs <= act.ms
        )
          continue;
        if (conflict === 'refused' && act.facts['conflict'] === undefined)
          this.fail(act)(
            'authority',
            `grants ${grant.role} to ${grant.person}, against the ${other.role} of ${id} by lab record ${other.at}, and gives no reason`,
          );
        this.conflicts.add(`${grant.person}: ${other.role} and ${grant.role}`);
      }
  }

  revokeRole(act: Act): void {
    const grant = this.registry.grants.get(act.facts['grant'] as number);
    if (!grant) return this.fail(act)('authority', 'revokes a role that no lab record granted');
    if (grant.end !== Infinity)
      return this.fail(act)('authority', `revokes what lab record ${grant.end} revoked`);
    endAt(grant, act.number);
  }

  issue(act: Act): void {
    const { number, facts, ms } = act;
    const fail = this.fail(act);
    const id = textOf(facts['person']);
    const untilMs = instantOr(facts['until'], NaN);
    if (!(untilMs > ms && untilMs - ms <= LONGEST_TOKEN_MS))
      fail('authority', `issues a token until ${quote(facts['until'])}, which is not within 90 days`);
    const roles = Array.isArray(facts['roles']) ? (facts['roles'] as unknown[]) : [];
    const wrong = roles.find((role) => !isTokenRole(role));
    if (roles.length === 0 || wrong !== undefined)
      fail('authority', `issues a token for ${quote(wrong)}, which is no role of a token`);
    if (this.tokens.has(textOf(facts['sha256']))) fail('authority', 'issues a token that was issued before');
    this.tokens.add(textOf(facts['sha256']));
    const study = facts['study'] === undefined ? undefined : textOf(facts['study']);
    const token = { at: number, end: Infinity, person: id, roles: roles.map(textOf), study, untilMs };
    this.registry.tokens.set(number, token);
    this.registry.persons.get(id)?.tokens.push(token);
  }

  revokeToken(act: Act): void {
    const token = this.registry.tokens.get(act.facts['token'] as number);
    if (!token) return this.fail(act)('authority', 'revokes a token that no lab record issued');
    if (token.end !== Infinity)
      return this.fail(act)('authority', `revokes what lab record ${token.end} revoked`);
    endAt(token, act.number);
  }
}

function overlaps(a: Grant, b: Grant): boolean {
  return a.study === undefined || b.study === undefined || a.study === b.study;
}
