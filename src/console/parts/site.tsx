import type { JSX } from 'preact';
import type { People, Site } from '../../lab/people/people.js';
import { siteInForce, siteProposed } from '../../lab/people/standing.js';
import { CommandForm, Field } from './command-form.js';
import { Facts } from './table.js';
import { RecordLink } from './links.js';

export interface SiteTold {
  readonly inForce: Site | undefined;
  /** Configured later, and not confirmed. */
  readonly waits: Site | undefined;
}

export function tellSite(people: People): SiteTold {
  return { inForce: siteInForce(people), waits: siteProposed(people) };
}

/** A new provider, time zone or rule for passkeys that a second person confirms here; a new address is confirmed by signing in there. */
export function WaitingSite({ site: { inForce, waits } }: { readonly site: SiteTold }): JSX.Element | null {
  if (!inForce || !waits) return null;
  const isMoved = waits.origin !== inForce.origin;
  return (
    <section id="site-waits" class="waits">
      <h2>A new site waits for its confirmation</h2>
      <SiteFacts site={waits} />
      {isMoved ? (
        <p>
          An administrator confirms it by signing in at {waits.origin}. Until then {inForce.origin} holds.
        </p>
      ) : (
        <CommandForm
          command="confirm-site"
          label="Put the new site in force"
          fixed={{ site: waits.number }}
          send="Put in force"
        />
      )}
    </section>
  );
}

/** Where and how people sign in, and the form that changes it. */
export function SiteSection({ site: { inForce } }: { readonly site: SiteTold }): JSX.Element | null {
  if (!inForce) return null;
  const { origin, rpId, zone, passkeys, oidc } = inForce;
  return (
    <section id="site">
      <h2>Site</h2>
      <SiteFacts site={inForce} />
      <details>
        <summary>Change</summary>
        <CommandForm command="configure-site" label="Change the site" send="Configure">
          <Field
            name="origin"
            label="Address"
            required
            value={origin}
            hint="https:// and a name. A new one is in force once an administrator signs in there."
          />
          <Field
            name="rpId"
            label="Host that passkeys are bound to"
            required
            value={rpId}
            hint="If it is changed, no passkey works any more: read the documentation first."
          />
          <Field name="zone" label="Time zone" required value={zone} hint="Such as Europe/Amsterdam." />
          <label>
            <span>Passkeys</span>
            <select name="passkeys">
              <option value="any" selected={passkeys === 'any'}>
                any
              </option>
              <option value="device-bound" selected={passkeys === 'device-bound'}>
                security keys that cannot be copied
              </option>
            </select>
          </label>
          <Field
            name="oidc.issuer"
            label="Identity provider"
            value={oidc?.issuer ?? ''}
            hint="Exactly as the provider writes it; empty for none. Another person confirms it."
          />
          <Field name="oidc.clientId" label="Client id at the provider" value={oidc?.clientId ?? ''} />
        </CommandForm>
      </details>
    </section>
  );
}

function SiteFacts({ site }: { readonly site: Site }): JSX.Element {
  const { number, by, origin, rpId, zone, passkeys, oidc } = site;
  return (
    <Facts
      facts={[
        ['Address', origin],
        ['Passkeys', `of ${rpId}, ${passkeys === 'any' ? 'any' : 'security keys that cannot be copied'}`],
        ['Time zone', zone],
        ['Identity provider', oidc ? `${oidc.issuer}, as ${oidc.clientId}` : 'none'],
        [
          'Configured',
          <>
            by {by}, lab record <RecordLink number={number} />
          </>,
        ],
      ]}
    />
  );
}
