import type { Findings } from '../findings.js';
import { instantMs } from '../instant.js';
import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import { actOf, LEDGER_ITSELF, type Act, type Fault } from './act.js';
import { Commitments } from './commitments.js';
import { Credentials } from './credentials.js';
import { Grants } from './grants.js';
import { checkActor, isAboutPeople } from './lab-authority.js';
import { authorOf } from './authors.js';
import { Registry, type Person } from './registry.js';
import { Sessions } from './sessions.js';
import { Sites } from './sites.js';
import { endAt } from './span.js';
import { Standing } from './standing.js';

const RESERVED = new Set(['study-ledger', 'development-identity', 'system', 'anonymous']);
/** Of today, and of the studies before people were registered. */
const PSEUDONYM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Records that the ledger makes by itself at its beginning; later on they come with an AdministratorRecovered. */
const OF_A_BEGINNING = new Set(['PersonRegistered', 'RoleGranted', 'EnrolmentOffered', 'SiteConfigured']);
/** After one of these somebody who can administer must be left. */
const TAKING = new Set(['CredentialRevoked', 'RoleRevoked', 'PersonDeactivated', 'SiteConfirmed']);

/** A fold of what the lab says of people, that complains of what the ledger would never have recorded. */
export class People {
  readonly registry = new Registry();
  readonly grants: Grants;
  readonly commitments: Commitments;
  /** Records by persons, whose sessions are looked up once the access log was read. */
  acts: Act[] = [];
  readonly recoveries: Act[] = [];
  /** Where there is an access log: it is to be read before the studies. */
  sessions: Sessions | undefined;
  private readonly sites: Sites;
  private readonly credentials: Credentials;
  private readonly identities = new Map<string, string>();
  private readonly ownActs: Act[] = [];

  constructor(private readonly findings: Findings) {
    const fail = (act: Act): Fault => this.faultOf(act);
    this.sites = new Sites(this.registry, fail);
    this.grants = new Grants(this.registry, fail);
    this.credentials = new Credentials(this.registry, fail);
    this.commitments = new Commitments(this.registry, fail);
  }

  get areThere(): boolean {
    return this.registry.persons.size > 0;
  }

  /** To be told of every record of the lab, in order. */
  take(number: number, record: Attributes): void {
    const type = textOf(record['type']);
    this.registry.labMs.push(instantMs(textOf(record['recordedtime'])));
    this.registry.hasWrongClock ||= type === 'ClockAnomaly';
    if (type === 'StudyRegistered' && this.registry.begunAt < number)
      return this.checkRegistration(number, record);
    if (!isAboutPeople(type)) return;
    const act = actOf(number, record);
    checkActor(this.registry, act, this.faultOf(act));
    this.commitments.collect(act);
    this.fold(act);
    if (act.actor === LEDGER_ITSELF) {
      if (OF_A_BEGINNING.has(act.type) && this.registry.begunAt < number) this.ownActs.push(act);
    } else {
      this.acts.push(act);
      if (
        TAKING.has(act.type) &&
        this.registry.begunAt < number &&
        !this.registry.hasAdministrator(number + 1)
      )
        this.faultOf(act)('authority', 'leaves the ledger without an administrator who could sign in');
    }
  }

  /** @param labSize of the lab when the access log was looked at: who acted later may have signed in later */
  lookIntoSessions(labSize = Infinity): void {
    if (!this.areThere) return;
    this.sessions = new Sessions(this.registry, this.findings);
    this.acts = this.acts.filter(({ number }) => number < labSize);
  }

  /** To be called when the lab was read to its end. */
  finish(): void {
    const recovered = new Set(this.recoveries.map(({ commandId }) => commandId));
    for (const act of this.ownActs)
      if (!recovered.has(act.commandId))
        this.faultOf(act)(
          'authority',
          `is a ${act.type} by the ledger itself, without an AdministratorRecovered`,
        );
  }

  /** The study's record 0 tells the session. */
  private checkRegistration(number: number, record: Attributes): void {
    const act = actOf(number, record);
    const author = { ...authorOf(record), type: 'StudyOpened' };
    const wrong = new Standing(this.registry, undefined, author, textOf(act.facts['code'])).wrong(
      number,
      act.ms,
    );
    if (wrong)
      this.findings.fail(wrong.check, 'lab', `record ${number} ${wrong.message}`, {
        record: number,
        lab: number,
      });
  }

  private fold(act: Act): void {
    const { sites, credentials, grants, commitments } = this;
    switch (act.type) {
      case 'SiteConfigured':
        return sites.configure(act);
      case 'SiteConfirmed':
        return sites.confirm(act);
      case 'PersonRegistered':
        return this.register(act);
      case 'PersonRenamed':
      case 'TrainingRecorded':
        return void this.known(act);
      case 'PersonDeactivated':
        return this.deactivate(act);
      case 'EnrolmentOffered':
        return credentials.offer(act);
      case 'CredentialEnrolled':
        return credentials.enrol(act);
      case 'CredentialConfirmed':
        return credentials.confirm(act);
      case 'CredentialRevoked':
        return credentials.revoke(act);
      case 'AttestationGiven':
        return this.attest(act);
      case 'IdentityLinked':
        return this.link(act);
      case 'RoleGranted':
        return grants.grant(act);
      case 'RoleRevoked':
        return grants.revokeRole(act);
      case 'TokenIssued':
        return grants.issue(act);
      case 'TokenRevoked':
        return grants.revokeToken(act);
      case 'RedactionRequested':
        return commitments.request(act);
      case 'FieldRedacted':
        return commitments.redact(act);
      case 'AdministratorRecovered':
        this.recoveries.push(act);
        return credentials.recover(act);
    }
  }

  private register(act: Act): void {
    const { number, facts } = act;
    const { registry } = this;
    const fail = this.faultOf(act);
    const [id, same] = [textOf(facts['person']), facts['sameIndividual']];
    if (RESERVED.has(id) || !PSEUDONYM.test(id))
      fail('person', `registers ${quote(id)}, which is no pseudonym`);
    const before = registry.persons.get(id);
    if (before) return fail('person', `registers ${id}, whom lab record ${before.at} registered`);
    const other = same === undefined ? undefined : registry.persons.get(textOf(same));
    if (same !== undefined && !other)
      fail('person', `registers ${id} as the same individual as ${quote(same)}, who is not registered`);
    const person: Person = {
      at: number,
      end: Infinity,
      id,
      human: other?.human ?? id,
      grants: [],
      credentials: [],
      tokens: [],
      links: [],
      attested: Infinity,
    };
    registry.persons.set(id, person);
  }

  private known(act: Act): Person | undefined {
    const id = textOf(act.facts['person']);
    const person = this.registry.activeAt(id, act.number);
    if (!person)
      this.faultOf(act)('person', `is a ${act.type} about ${quote(id)}, who is not registered and active`);
    return person;
  }

  private deactivate(act: Act): void {
    const person = this.known(act);
    if (!person) return;
    endAt(person, act.number);
    person.endedBy = { by: act.actor, ms: act.ms };
    for (const offer of this.registry.offers.values())
      if (offer.person === person.id) endAt(offer, act.number);
  }

  private attest(act: Act): void {
    const person = this.registry.activeAt(act.actor, act.number);
    if (person && person.attested !== Infinity)
      this.faultOf(act)('person', `attests what ${act.actor} attested in lab record ${person.attested}`);
    else if (person) person.attested = act.number;
  }

  private link(act: Act): void {
    const { number, facts } = act;
    const person = this.known(act);
    const issuer = textOf(facts['issuer']);
    const identity = `${issuer} ${textOf(facts['subject'])}`;
    const whose = this.identities.get(identity);
    if (whose !== undefined && whose !== person?.id)
      this.faultOf(act)('credential', `links an identity that is ${whose}’s`);
    if (person) this.identities.set(identity, person.id);
    if (this.registry.siteAt(number)?.issuer !== issuer)
      this.faultOf(act)('credential', `links an identity of ${quote(issuer)}, which is not the provider`);
    const link = { at: number, end: Infinity, person: textOf(facts['person']), issuer };
    this.registry.links.set(number, link);
    person?.links.push(link);
  }

  private faultOf({ number }: Act): Fault {
    return (check, message) =>
      this.findings.fail(check, 'lab', `record ${number} ${message}`, { record: number, lab: number });
  }
}
