import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import type { Lab } from '../lab.js';
import type { Site } from '../people/people.js';
import { rolesOf, siteInForce, usableAdministrators } from '../people/standing.js';
import { isSameProvider } from './configure-site.command.js';
import { isSameHuman } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class SiteConfirmation {
  @Required(RecordNumber, 'Lab record of the SiteConfigured.')
  site!: number;
}

/** Puts a site in force. A new address is confirmed by signing in there; a provider by a second person. */
export class ConfirmSite extends LabCommand {
  @Data(SiteConfirmation) readonly data!: SiteConfirmation;

  /** The address at which the actor has just signed in by passkey; set by the server alone. */
  declare signedInAt?: string;
}

export const confirmSite = defineLabCommand(ConfirmSite, {
  summary: 'Put a site in force',
  records: 'SiteConfirmed',
  who: 'anyone',
  refuses: ['last-administrator', 'second-person', 'site-unknown-yet'],
  example: { data: { site: 40 } },
  decide({ data: { site: number }, signedInAt }, { lab, atMs, actor }) {
    const { people } = lab;
    const inForce = siteInForce(people);
    const site = people.sites.find((one) => one.number === number);
    if (!site || site.confirmed || site !== people.sites.at(-1)) {
      const message = `Lab record ${number} is not the newest site, or is confirmed already.`;
      return refuse('site-unknown-yet', message, 'data.site');
    }
    if ((site.origin !== inForce?.origin || !inForce.confirmed) && signedInAt !== site.origin) {
      const message = `An administrator puts a new address in force by signing in there: open ${site.origin}/sign-in.`;
      return refuse('site-unknown-yet', message, 'data.site');
    }
    const wrong = isSameProvider(site.oidc, inForce?.oidc)
      ? refuseOther(lab, actor, atMs)
      : refuseSecond(lab, site, actor, atMs);
    return wrong ?? [labFact('SiteConfirmed', { site: number })];
  },
});

/** Who controls the provider can sign in as anybody: so two people say which it is. */
function refuseSecond(lab: Lab, site: Site, actor: string, atMs: number): Refusal | undefined {
  if (isSameHuman(lab, site.by, actor))
    return refuse(
      'second-person',
      `${site.by} configured the provider, so another person has to confirm it.`,
    );
  const others = usableAdministrators(lab.people, atMs).filter(({ id }) => !isSameHuman(lab, id, site.by));
  if (others.length === 0 || rolesOf(lab.people.persons.get(actor), atMs).has('administrator'))
    return undefined;
  return refuse(
    'second-person',
    `There is a second administrator, who confirms it: ${others.map(({ id }) => id).join(', ')}.`,
  );
}

function refuseOther({ people }: Lab, actor: string, atMs: number): Refusal | undefined {
  if (rolesOf(people.persons.get(actor), atMs).has('administrator')) return undefined;
  return refuse('second-person', 'An administrator confirms a site, by signing in at its address.');
}
