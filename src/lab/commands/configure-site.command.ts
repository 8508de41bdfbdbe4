import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { OidcProvider, Origin, PasskeyPolicy, RpId, Zone } from '../people/facts.js';
import { isZone } from '../people/day-in.js';
import { siteInForce } from '../people/standing.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class SiteToBe {
  @Required(Origin, 'The address that people open.')
  origin!: string;

  @Required(RpId, 'The host that passkeys are bound to.')
  rpId!: string;

  @Required(Zone, 'The time zone of the laboratory.')
  zone!: string;

  @Optional(OidcProvider, 'The institution’s OpenID Connect provider.')
  oidc?: { issuer: string; clientId: string };

  @Required(PasskeyPolicy, 'Which passkeys may be enrolled from now on.')
  passkeys!: 'any' | 'device-bound';
}

/** Says where and how people sign in. It is in force once it is confirmed. */
export class ConfigureSite extends LabCommand {
  @Data(SiteToBe) readonly data!: SiteToBe;
}

export const configureSite = defineLabCommand(ConfigureSite, {
  summary: 'Say where and how people sign in',
  records: 'SiteConfigured',
  who: 'administrator',
  refuses: ['field-invalid'],
  example: {
    data: {
      origin: 'https://ledger.lab.example',
      rpId: 'ledger.lab.example',
      zone: 'Europe/Amsterdam',
      oidc: { issuer: 'https://id.institute.example', clientId: 'study-ledger' },
      passkeys: 'any',
    },
  },
  decide({ data }, { lab: { people } }) {
    if (!fitsOrigin(data.rpId, data.origin))
      return refuse(
        'field-invalid',
        `data.rpId must be the host of ${data.origin}, or a domain that it ends with.`,
        'data.rpId',
      );
    const inForce = siteInForce(people);
    if (data.origin !== inForce?.origin && !isSameProvider(data.oidc, inForce?.oidc)) {
      const message = `A new address is confirmed by signing in there, a provider by a second person: change ${inForce?.origin} first, then the provider.`;
      return refuse('field-invalid', message, 'data.oidc');
    }
    if (!isZone(data.zone))
      return refuse(
        'field-invalid',
        `data.zone is ${data.zone}, which is no time zone: use one such as Europe/Amsterdam.`,
        'data.zone',
      );
    return [labFact('SiteConfigured', { ...data })];
  },
});

/** Whether two sites ask the same provider, as the same client. */
export function isSameProvider(a: SiteToBe['oidc'], b: SiteToBe['oidc']): boolean {
  return a?.issuer === b?.issuer && a?.clientId === b?.clientId;
}

/** WebAuthn takes an rpId that is the host of the page or a parent domain of it. */
export function fitsOrigin(rpId: string, origin: string): boolean {
  const host = origin.replace(/^https?:\/\//, '').replace(/:[0-9]+$/, '');
  // Browsers refuse passkeys at an address of digits.
  if (!/[a-z]/.test(rpId)) return false;
  return host === rpId || (host.endsWith(`.${rpId}`) && rpId.includes('.'));
}
