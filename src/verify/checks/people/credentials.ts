import { quote } from '../printable.js';
import { textOf } from '../record.js';
import { instantOr, LEDGER_ITSELF, type Act, type Fault } from './act.js';
import type { Credential, Offer, Registry } from './registry.js';
import { endAt, holdsAt } from './span.js';

const HOUR_MS = 3_600_000;
const LONGEST_OFFER_MS = 72 * HOUR_MS;
/** Whoever takes away the key of everybody else has not become the only one for so long. */
const REMEMBERED_MS = 30 * 24 * HOUR_MS;

/** Offers, enrolments, confirmations and revocations of keys. */
export class Credentials {
  /** Every id and public key ever enrolled → the lab record that did. */
  private readonly taken = new Map<string, number>();
  private readonly codes = new Set<string>();

  constructor(
    private readonly registry: Registry,
    private readonly fail: (act: Act) => Fault,
  ) {}

  offer(act: Act): void {
    const { number, actor, facts, ms } = act;
    const fail = this.fail(act);
    const untilMs = instantOr(facts['until'], NaN);
    const { offers } = this.registry;
    const [id, code] = [textOf(facts['person']), textOf(facts['sha256'])];
    if (!this.registry.activeAt(id, number))
      fail('person', `offers a credential to ${quote(id)}, who is not registered and active`);
    if (!(untilMs > ms && untilMs - ms <= LONGEST_OFFER_MS))
      fail('credential', `offers a credential until ${quote(facts['until'])}, which is not within 72 hours`);
    if (this.codes.has(code)) fail('credential', 'offers a credential by a code that was offered before');
    this.codes.add(code);
    for (const older of offers.values())
      if (older.person === id || (actor === LEDGER_ITSELF && older.by === actor)) endAt(older, number);
    const isRecovery = facts['recovery'] === true;
    offers.set(number, { at: number, end: Infinity, person: id, by: actor, untilMs, isRecovery });
  }

  enrol(act: Act): void {
    const { number, facts } = act;
    const fail = this.fail(act);
    const id = textOf(facts['person']);
    const offer = facts['offer'] === undefined ? undefined : this.spend(act, id);
    for (const what of ['credentialId', 'publicKey']) {
      const key = `${what} ${textOf(facts[what])}`;
      const before = this.taken.get(key);
      if (before !== undefined) fail('credential', `enrols the ${what} that lab record ${before} enrolled`);
      else this.taken.set(key, number);
    }
    this.checkSite(act);
    const credential: Credential = {
      at: number,
      end: Infinity,
      person: id,
      credentialId: textOf(facts['credentialId']),
      publicKey: textOf(facts['publicKey']),
      alg: Number(facts['alg']),
      backupEligible: facts['backupEligible'] === true,
      rpId: textOf(facts['rpId']),
      offer,
      confirmed: Infinity,
      confirmedBy: '',
    };
    this.registry.credentials.set(number, credential);
    this.registry.persons.get(id)?.credentials.push(credential);
  }

  /** The offer that an enrolment names, where it is the person's and open; it is spent by it. */
  private spend(act: Act, id: string): Offer | undefined {
    const { number, facts, ms } = act;
    const fail = this.fail(act);
    const offer = this.registry.offers.get(facts['offer'] as number);
    if (!offer || offer.person !== id) {
      fail('credential', `enrols a credential of ${quote(id)} by an offer that was not made to them`);
      return undefined;
    }
    if (!holdsAt(offer, number))
      fail(
        'credential',
        `enrols by the offer of lab record ${offer.at}, which lab record ${offer.end} ended`,
      );
    if (ms > offer.untilMs) fail('credential', `enrols by the offer of lab record ${offer.at} after its end`);
    endAt(offer, number);
    return offer;
  }

  private checkSite(act: Act): void {
    const { number, facts } = act;
    const site = this.registry.siteAt(number);
    const newest = this.registry.sites.at(-1);
    if (!site || ![site.rpId, newest?.rpId].includes(textOf(facts['rpId'])))
      this.fail(act)(
        'credential',
        `enrols a credential of ${quote(facts['rpId'])}, which is no site of the ledger`,
      );
    if (site?.isDeviceBound && facts['backupEligible'] === true)
      this.fail(act)(
        'credential',
        'enrols a credential that can be copied, where the site asks for device-bound ones',
      );
  }

  confirm(act: Act): void {
    const { number, actor, facts } = act;
    const fail = this.fail(act);
    const credential = this.registry.credentials.get(facts['credential'] as number);
    if (!credential) return fail('credential', 'confirms a credential that no lab record enrolled');
    if (credential.confirmed !== Infinity)
      return fail('credential', `confirms what lab record ${credential.confirmed} confirmed`);
    if (credential.end !== Infinity)
      fail('credential', `confirms a credential that lab record ${credential.end} revoked`);
    const holder = this.registry.activeAt(credential.person, number);
    if (!holder) fail('person', `confirms a credential of ${quote(credential.person)}, who is not active`);
    const wrong = this.wrongConfirmer(act, credential);
    if (wrong !== undefined) fail('credential', wrong);
    if (credential.offer?.isRecovery)
      for (const earlier of holder?.credentials ?? []) if (earlier !== credential) this.end(earlier, act);
    credential.confirmed = number;
    credential.confirmedBy = actor;
    this.registry.begunAt = Math.min(this.registry.begunAt, number);
  }

  /** Why somebody may not confirm a credential. */
  private wrongConfirmer({ number, actor, facts, ms }: Act, credential: Credential): string | undefined {
    const { registry } = this;
    const { person: id, offer } = credential;
    const identity = facts['identity'];
    if (actor === LEDGER_ITSELF) {
      if (offer?.by === LEDGER_ITSELF && identity === 'system') return undefined;
      return `is a confirmation by the ledger itself of a credential that it did not offer`;
    }
    if (identity === 'system') return `is by ${actor}, and says that the ledger itself checked who it is`;
    const holder = registry.persons.get(id);
    const hasEarlier = holder !== undefined && registry.hasUsable(holder, number);
    // After the address has changed, an earlier credential of the old one is still good for this.
    if (actor === id)
      return holder !== undefined && registry.hasConfirmed(holder, number)
        ? undefined
        : `confirms a credential of ${actor} by themselves, without an earlier one`;
    if (identity === 'own-earlier-credential') return `is by ${actor}, whose credential it is not`;
    if (hasEarlier && !offer?.isRecovery)
      return `confirms a credential of ${id}, who has an earlier one and confirms it themselves`;
    if (registry.isSameHuman(actor, id)) return `is by ${actor}, who is the same individual as ${id}`;
    if (offer === undefined || !registry.isSameHuman(actor, offer.by)) return undefined;
    const other = this.otherHolder(offer.by, id, number, ms);
    return other === undefined
      ? undefined
      : `is by ${actor}, who offered it, though ${other} could have confirmed it`;
  }

  /** Another person with a usable credential, or one from whom the offerer took it lately. */
  private otherHolder(offerer: string, holder: string, number: number, ms: number): string | undefined {
    const isLate = (ended?: { by: string; ms: number }): boolean =>
      ended !== undefined && ended.by === offerer && ms - ended.ms <= REMEMBERED_MS;
    const site = this.registry.siteAt(number);
    for (const person of this.registry.persons.values()) {
      if (this.registry.isSameHuman(person.id, offerer) || this.registry.isSameHuman(person.id, holder))
        continue;
      if (person.endedBy && !isLate(person.endedBy)) continue;
      const isHolder = person.credentials.some(
        ({ confirmed, rpId, endedBy }) =>
          confirmed < number && rpId === site?.rpId && (!endedBy || isLate(endedBy)),
      );
      if (isHolder) return person.id;
    }
    return undefined;
  }

  revoke(act: Act): void {
    const credential = this.registry.credentials.get(act.facts['credential'] as number);
    if (!credential) return this.fail(act)('credential', 'revokes a credential that no lab record enrolled');
    if (credential.end !== Infinity)
      return this.fail(act)('credential', `revokes what lab record ${credential.end} revoked`);
    this.end(credential, act);
  }

  /** A present administrator begins anew; what they had before ends. */
  recover(act: Act): void {
    const person = this.registry.persons.get(textOf(act.facts['person']));
    for (const credential of person?.credentials ?? []) this.end(credential, act);
    for (const span of [...(person?.tokens ?? []), ...(person?.links ?? [])]) endAt(span, act.number);
  }

  private end(credential: Credential, { number, actor, ms }: Act): void {
    if (credential.end !== Infinity) return;
    credential.end = number;
    credential.endedBy = { by: actor, ms };
  }
}
