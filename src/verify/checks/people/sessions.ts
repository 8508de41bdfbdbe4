import type { Findings } from '../findings.js';
import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import { actOf, LEDGER_ITSELF, type Act } from './act.js';
import type { Registry } from './registry.js';
import { holdsAt } from './span.js';

const MINUTE_MS = 60_000;
const LONGEST_MS = 12 * 60 * MINUTE_MS;
/** Signing in by passkey counts for so long where people, keys and tokens are concerned. */
const FRESH_MS = 5 * MINUTE_MS;
/** Clocks of processes differ, and a request may be under way. */
const TOLERANCE_MS = 2 * MINUTE_MS;

export interface Session {
  readonly person: string;
  readonly method: string;
  /** Lab record of the credential, or of the link, that signed in. */
  readonly by: number;
  readonly sinceMs: number;
  endedMs: number;
}

/** Who signed in, by what the access log says. A bundle does not hold it. */
export class Sessions {
  /** Without the whole access log, nothing is said of sessions that are not in it. */
  isWhole = false;
  private readonly sessions = new Map<string, Session>();
  /** The highest counter of each credential. */
  private readonly counters = new Map<number, number>();

  constructor(
    private readonly registry: Registry,
    private readonly findings: Findings,
  ) {}

  /** To be told of every record of the access log, in order. */
  take(number: number, record: Attributes | undefined): void {
    if (!record) return;
    const act = actOf(number, record);
    if (act.type === 'SignedIn') this.signIn(act);
    else if (act.type === 'SignedOut') this.signOut(act);
  }

  private signIn(act: Act): void {
    const { actor, facts, ms, commandId, number } = act;
    const wrong = this.wrongSignIn(act);
    if (wrong !== undefined) this.fail(number, `says that ${quote(actor)} signed in ${wrong}`);
    const by = Number(facts['credential'] ?? facts['identity'] ?? -1);
    this.sessions.set(commandId, {
      person: actor,
      method: textOf(facts['method']),
      by,
      sinceMs: ms,
      endedMs: Infinity,
    });
    const counter = Number(facts['counter'] ?? 0);
    const before = this.counters.get(by) ?? 0;
    if (facts['method'] === 'passkey' && (counter > 0 || before > 0) && counter <= before)
      this.fail(
        number,
        `has the counter ${counter} of a credential whose counter was ${before}: it may have been copied`,
      );
    this.counters.set(by, Math.max(before, counter));
  }

  private wrongSignIn({ actor, facts }: Act): string | undefined {
    const { registry } = this;
    const labSize = Number(facts['labsize']);
    if (!registry.activeAt(actor, labSize)) return 'who was not registered and active then';
    if (facts['method'] === 'simulated') return registry.isSimulated ? undefined : 'without a key';
    const isLink = facts['method'] === 'oidc';
    const found = isLink
      ? registry.links.get(facts['identity'] as number)
      : registry.credentials.get(facts['credential'] as number);
    if (found?.person !== actor) return `by a ${isLink ? 'link' : 'credential'} that is not theirs`;
    if (!holdsAt(found, labSize)) return `by what lab record ${found.end} ended`;
    return 'issuer' in found && !registry.isLinked(found, labSize)
      ? `through ${quote(found.issuer)}, which was not the provider then`
      : undefined;
  }

  private signOut({ facts, ms, number }: Act): void {
    const session = this.sessions.get(textOf(facts['session']));
    if (!session) this.fail(number, 'ends a session that nobody began');
    else session.endedMs = Math.min(session.endedMs, ms);
  }

  /** Why a record cannot have been made in a session; undefined where it can. */
  wrong(id: string, actor: string, labSize: number, ms: number): string | undefined {
    const session = this.sessions.get(id);
    if (!session && !this.isWhole) return undefined;
    if (!session) return `rests on the session ${quote(id)}, which nobody began`;
    if (session.person !== actor) return `rests on the session of ${quote(session.person)}`;
    if (ms < session.sinceMs - TOLERANCE_MS) return 'rests on a session that began later';
    if (ms > session.endedMs + TOLERANCE_MS) return 'rests on a session that had ended';
    if (ms > session.sinceMs + LONGEST_MS + TOLERANCE_MS) return 'rests on a session of more than 12 hours';
    return this.wrongKey(session, labSize);
  }

  private wrongKey({ method, by }: Session, labSize: number): string | undefined {
    if (method === 'simulated') return undefined;
    if (method === 'oidc') {
      const link = this.registry.links.get(by);
      return link && this.registry.isLinked(link, labSize)
        ? undefined
        : 'rests on a session by an identity that did not count then';
    }
    const credential = this.registry.credentials.get(by);
    if (credential && credential.confirmed < labSize && labSize <= credential.end) return undefined;
    return `rests on a session by the credential of lab record ${by}, which was not confirmed, or revoked`;
  }

  /** Whether a record about people was made soon after signing in by passkey. */
  checkAct({ actor, session: id, number, ms, facts, type }: Act): void {
    if (actor === LEDGER_ITSELF || this.registry.isSimulated) return;
    if (id === '') {
      // The code of the offer stands for the session.
      if (type !== 'CredentialEnrolled' || facts['offer'] === undefined)
        this.fail(number, 'names no session', 'lab');
      return;
    }
    const wrong = this.wrong(id, actor, number, ms);
    if (wrong !== undefined) return this.fail(number, wrong, 'lab');
    const { method, sinceMs } = this.sessions.get(id)!;
    if (method !== 'passkey') this.fail(number, `rests on a session by ${method}: it takes a passkey`, 'lab');
    else if (ms > sinceMs + FRESH_MS + TOLERANCE_MS)
      this.fail(number, 'rests on a session that began more than 5 minutes before', 'lab');
  }

  private fail(record: number, message: string, log = 'access'): void {
    this.findings.fail('session', log, `record ${record} ${message}`, { record });
  }
}
