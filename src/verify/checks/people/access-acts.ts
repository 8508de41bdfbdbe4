import type { Findings } from '../findings.js';
import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import { actOf, LEDGER_ITSELF, type Act } from './act.js';
import type { Registry } from './registry.js';
import { EXPORTING } from './role-table.js';
import type { Sessions } from './sessions.js';
import { holdsAt } from './span.js';
import { tokenIn } from './standing.js';

/** Whether who stands in the access log could do what it says. */
export class AccessActs {
  constructor(
    private readonly registry: Registry,
    private readonly sessions: Sessions,
    private readonly findings: Findings,
  ) {}

  /** To be told of every record of the access log, in order. */
  take(number: number, record: Attributes | undefined): void {
    if (!record) return;
    this.sessions.take(number, record);
    const { actor, role, facts, ms, type, session } = actOf(number, record);
    const labSize = Number(record['labsize'] ?? facts['labsize'] ?? NaN);
    if (actor === LEDGER_ITSELF || !(labSize > this.registry.begunAt)) return;
    const person = this.registry.activeAt(actor, labSize);
    if (!person)
      return this.fail('person', number, `is by ${quote(actor)}, who was not registered and active then`);
    if (type !== 'BundleExported') return;
    if (!EXPORTING.includes(role))
      return this.fail('authority', number, `hands out a study in the role ${quote(role)}`);
    if (!this.registry.holds(person, role, textOf(facts['study']), labSize, ms))
      return this.fail(
        'authority',
        number,
        `is by ${actor} in the role ${role}, which they did not hold for it then`,
      );
    const token = tokenIn(session);
    if (token !== undefined) return this.checkToken(token, number, labSize, record);
    const wrong = session === '' ? undefined : this.sessions.wrong(session, actor, labSize, ms);
    if (wrong !== undefined) this.fail('session', number, wrong);
  }

  private checkToken(issued: number, number: number, labSize: number, record: Attributes): void {
    const { actor, role, facts, ms } = actOf(number, record);
    const token = this.registry.tokens.get(issued);
    const isRight =
      token?.person === actor &&
      holdsAt(token, labSize) &&
      ms < token.untilMs &&
      (token.study === undefined || token.study === facts['study']) &&
      token.roles.includes(role === 'director' ? 'director-records' : role);
    if (!isRight) this.fail('authority', number, `is by token-${issued}, which does not give it`);
  }

  /**
   * To be called when the access log was read to its end.
   * @param acts records of the lab, whose sessions are known only now
   * @param isWhole whether no record of the access log is missing
   */
  finish(acts: readonly Act[], isWhole: boolean): void {
    this.sessions.isWhole = isWhole;
    if (isWhole) for (const act of acts) this.sessions.checkAct(act);
  }

  private fail(check: 'person' | 'authority' | 'session', record: number, message: string): void {
    this.findings.fail(check, 'access', `record ${record} ${message}`, { record });
  }
}
