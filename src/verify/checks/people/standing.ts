import { quote } from '../printable.js';
import type { CheckId } from '../findings.js';
import type { Author } from './authors.js';
import type { Grant, Person, Registry, Token } from './registry.js';
import { rowOf, tokenGives, VETERINARY_PURPOSE, type Row } from './role-table.js';
import { holdsAt } from './span.js';
import type { Sessions } from './sessions.js';

export interface Wrong {
  readonly check: CheckId;
  readonly message: string;
}

/** The lab record that issued the token in the place of a session; undefined for a session. */
export function tokenIn(session: string): number | undefined {
  const number = /^token-(0|[1-9][0-9]{0,15})$/.exec(session)?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * What somebody may in one study, or in the facility, as the author of records of one type: looked up once for all records that
 * have it in common. What is left to ask of each are comparisons with its lab size and its time.
 */
export class Standing {
  readonly row: Row | undefined;
  readonly person: Person | undefined;
  private readonly grants: readonly Grant[];
  private readonly token: Token | undefined;
  private readonly named: readonly string[];
  /** Whatever the lab size and the time. */
  private readonly wrongAlways: Wrong | undefined;

  constructor(
    private readonly registry: Registry,
    /** Undefined where there is no access log to look into. */
    private readonly sessions: Sessions | undefined,
    readonly author: Author,
    private readonly study: string,
  ) {
    this.row = rowOf(author.type);
    this.person = registry.persons.get(author.actor);
    this.grants = (this.person?.grants ?? []).filter(
      (grant) =>
        grant.role === author.role &&
        (grant.study === undefined || (grant.study === study && !this.row?.isFacility)),
    );
    this.named = author.named === '' ? [] : author.named.split(' ');
    const token = tokenIn(author.session);
    this.token = token === undefined ? undefined : registry.tokens.get(token);
    this.wrongAlways =
      this.person && (this.wrongRow() ?? (token === undefined ? undefined : this.wrongToken()));
  }

  /** Why the author may not have made a record on a lab of this size, at this time. */
  wrong(labSize: number, ms: number): Wrong | undefined {
    const { author, person, token } = this;
    if (!person || !holdsAt(person, labSize)) return this.unknown(labSize);
    if (this.wrongAlways) return this.wrongAlways;
    if (!this.grants.some((grant) => holds(grant, labSize, ms)))
      return authority(
        `is by ${author.actor} in the role ${author.role}, which they did not hold for it then`,
      );
    return (
      (token ? this.wrongTokenThen(token, labSize, ms) : this.wrongSession(labSize, ms)) ??
      this.wrongNamed(labSize)
    );
  }

  /** Persons whom a record names are registered; they need not be active any more. */
  private wrongNamed(labSize: number): Wrong | undefined {
    for (const id of this.named) {
      const person = this.registry.persons.get(id);
      if (!person || person.at >= labSize)
        return { check: 'person', message: `names ${quote(id)}, who was not registered then` };
    }
    return undefined;
  }

  private wrongTokenThen(token: Token, labSize: number, ms: number): Wrong | undefined {
    if (!holdsAt(token, labSize))
      return authority(`is by the token of lab record ${token.at}, which was not in force`);
    return ms < token.untilMs
      ? undefined
      : authority(`is by the token of lab record ${token.at} after its end`);
  }

  private unknown(labSize: number): Wrong {
    const { actor } = this.author;
    const { person, registry } = this;
    if (actor === 'development-identity')
      return {
        check: 'person',
        message: `is by ${actor}, though persons act since lab record ${registry.begunAt}`,
      };
    if (!person) return { check: 'person', message: `is by ${quote(actor)}, whom no lab record registers` };
    return {
      check: 'person',
      message:
        labSize <= person.at
          ? `is by ${actor}, whom lab record ${person.at} registers later`
          : `is by ${actor}, whom lab record ${person.end} deactivated`,
    };
  }

  private wrongRow(): Wrong | undefined {
    const { row, author } = this;
    const { type, role, actor } = author;
    if (!row) return undefined;
    if (author.command !== row.command)
      return authority(`is a ${type} by the command ${quote(author.command)}, which makes none`);
    if (!row.roles.includes(role))
      return authority(
        `is a ${type} by ${actor} in the role ${quote(role)}: it takes ${row.roles.join(' or ')}`,
      );
    if (role === 'veterinarian' && type === 'SubstanceAdministered' && author.purpose !== VETERINARY_PURPOSE)
      return authority(`is by ${actor} in the role ${role}, who gives substances to relieve alone`);
    if (author.importer === undefined) return undefined;
    if (!['technician', 'director'].includes(role))
      return authority(
        `was imported by ${actor} in the role ${quote(role)}: it takes technician or director`,
      );
    return author.importer === actor
      ? undefined
      : authority(`was imported by ${quote(author.importer)}, and is by ${actor}`);
  }

  private wrongToken(): Wrong | undefined {
    const { token, author, study, row } = this;
    const { session, actor, role } = author;
    if (!token || token.person !== actor) return authority(`is by ${session}, which is no token of ${actor}`);
    if (token.study !== undefined && token.study !== study)
      return authority(`is by ${session}, which is for ${token.study} alone`);
    if (row && (row.isStudyDirector || !tokenGives(token.roles, role, row)))
      return authority(`is a ${author.type} by ${session} in the role ${role}, which it does not give`);
    return author.isByProgram ? undefined : authority(`is by ${session}, and has no flag by-program`);
  }

  private wrongSession(labSize: number, ms: number): Wrong | undefined {
    const { session, actor } = this.author;
    if (session === '')
      return this.registry.isSimulated ? undefined : { check: 'session', message: 'names no session' };
    const message = this.sessions?.wrong(session, actor, labSize, ms);
    return message === undefined ? undefined : { check: 'session', message };
  }
}

function holds(grant: Grant, labSize: number, ms: number): boolean {
  return holdsAt(grant, labSize) && grant.fromMs <= ms && ms < grant.untilMs;
}

export function authority(message: string): Wrong {
  return { check: 'authority', message };
}
