import { quote } from '../printable.js';
import { textOf, type Attributes } from '../record.js';
import { LEDGER_ITSELF, type Act, type Fault } from './act.js';
import type { Person, Registry, Site } from './registry.js';

/** Where people sign in, and by which provider. */
export class Sites {
  constructor(
    private readonly registry: Registry,
    private readonly fail: (act: Act) => Fault,
  ) {}

  configure({ number, actor, facts }: Act): void {
    const { issuer, clientId } = (facts['oidc'] ?? {}) as Attributes;
    this.registry.sites.push({
      at: number,
      by: actor,
      origin: textOf(facts['origin']),
      rpId: textOf(facts['rpId']),
      zone: textOf(facts['zone']),
      issuer: textOf(issuer),
      clientId: textOf(clientId),
      isDeviceBound: facts['passkeys'] === 'device-bound',
      confirmed: Infinity,
    });
  }

  confirm(act: Act): void {
    const { number, actor, facts } = act;
    const fail = this.fail(act);
    const site = this.registry.sites.find(({ at }) => at === facts['site']);
    if (!site) return fail('credential', 'confirms a site that no lab record configures');
    if (site.confirmed !== Infinity)
      return fail('credential', `confirms what lab record ${site.confirmed} confirmed`);
    const wrong = actor === LEDGER_ITSELF ? undefined : this.wrongConfirmer(act, site);
    if (wrong !== undefined) fail('credential', wrong);
    site.confirmed = number;
  }

  /** Who controls the provider can sign in as anybody: two people say which it is. */
  private wrongConfirmer(act: Act, site: Site): string | undefined {
    const { registry } = this;
    const { number, actor } = act;
    const before = registry.siteAt(number);
    const isOtherProvider = site.issuer !== before?.issuer || site.clientId !== before.clientId;
    const confirmer = registry.persons.get(actor);
    const isAdministrator = confirmer !== undefined && this.administers(confirmer, act);
    if (!isOtherProvider)
      return isAdministrator ? undefined : `is by ${quote(actor)}: an administrator confirms a site`;
    if (registry.isSameHuman(actor, site.by))
      return `is by ${actor}, who named the provider: it takes another person`;
    if (isAdministrator) return undefined;
    const other = [...registry.persons.values()].find(
      (person) =>
        this.administers(person, act) &&
        registry.hasUsable(person, number) &&
        !registry.isSameHuman(person.id, site.by),
    );
    return other && `is by ${quote(actor)}, though ${other.id} is a second administrator`;
  }

  private administers(person: Person, { number, ms }: Act): boolean {
    return this.registry.holds(person, 'administrator', undefined, number, ms);
  }
}
