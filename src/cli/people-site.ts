import { isIP } from 'node:net';
import { fitsOrigin } from '../lab/commands/configure-site.command.js';
import { Origin, Zone } from '../lab/people/facts.js';
import { isZone } from '../lab/people/day-in.js';
import { timeZone } from '../recording/time-zone.js';
import { matches } from '../study/schema.js';
import { Failure } from './output/failure.js';

export interface SiteOptions {
  readonly url: string;
  readonly rpId?: string;
  readonly zone?: string;
  readonly passkeys?: string;
}

/** Where people sign in, checked. @throws Failure */
export function readSite({ url, rpId, zone = timeZone(), passkeys = 'any' }: SiteOptions) {
  const origin = originOf(url);
  const host = new URL(origin).hostname;
  const bound = rpId ?? host;
  if (!fitsOrigin(bound, origin))
    throw Failure.usage(
      `--rp-id ${bound} does not fit ${origin}.`,
      `Give ${host}, or a domain that it ends with and that has a dot.`,
    );
  if (!matches(Zone, zone) || !isZone(zone))
    throw Failure.usage(`--zone ${zone} is not a time zone.`, 'Give an IANA name, such as Europe/Amsterdam.');
  if (passkeys !== 'any' && passkeys !== 'device-bound')
    throw Failure.usage(`--passkeys takes any or device-bound, not ${passkeys}.`);
  return { origin, rpId: bound, zone, passkeys };
}

const EXAMPLES = 'Give one such as https://ledger.lab.example, or http://localhost:3000 on this machine.';

/** Scheme, host and port, as a browser writes them. */
function originOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url?.protocol.startsWith('http') || url.hostname === '')
    throw Failure.usage(`--url ${given} is not the address of a page.`, EXAMPLES);
  const { origin, hostname, href } = url;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0)
    throw Failure.usage(
      `--url ${given} is an address, and browsers take passkeys for names only.`,
      EXAMPLES.replace('one', 'a name'),
    );
  if (url.protocol === 'http:' && hostname !== 'localhost')
    throw Failure.usage(
      `--url ${given} is without encryption, and browsers take no passkeys there.`,
      'Give its https: address.',
    );
  if (href !== `${origin}/`)
    throw Failure.usage(`--url ${given} has more than scheme, host and port.`, `Give ${origin}.`);
  if (!matches(Origin, origin)) throw Failure.usage(`--url ${given} cannot be recorded.`, EXAMPLES);
  return origin;
}
