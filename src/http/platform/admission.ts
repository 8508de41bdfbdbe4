import type { IncomingMessage } from 'node:http';
import type { Lab } from '../../lab/lab.js';
import { sitesServed } from '../../lab/people/standing.js';
import { Problem } from './problems.js';

const HEALTH = /^\/health(\/ready)?$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i;
const BEARER = /^bearer[ \t]/i;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What is known when a request comes. */
export interface Served {
  readonly lab: Lab;
  readonly nowMs: number;
  readonly behindProxy?: string | undefined;
  /** Reads the lab on, where other processes write. */
  readonly readOn?: (() => Promise<void>) | undefined;
}

/**
 * Whether a request was sent to this server, and from a page of it. A page that is open in a browser on this machine can
 * send requests here, but it cannot choose the Host or hide its Origin. So a Host that is not the ledger's (DNS rebinding)
 * and an Origin that is not are refused, as is a request that brings a cookie and could change something, but says no origin.
 * Undefined where it is admitted. `Forwarded` and `X-Forwarded-Host` are not looked at.
 */
export function refuseStranger(
  { method = '', url = '', headers }: IncomingMessage,
  { lab, nowMs, behindProxy }: Served,
): Problem | undefined {
  const { host = '', origin, cookie, authorization = '' } = headers;
  const origins = sitesServed(lab.people, nowMs).map((site) => site.origin);
  const hosts = lab.simulated ? [] : origins.map(hostOf);
  // Behind a proxy, this machine asks for the server's health and for nothing else.
  const isLocal = LOCAL_HOST.test(host) && (behindProxy === undefined || HEALTH.test(url));
  // Before the records are read, nobody knows what the ledger is called; nothing is answered but that.
  const isUnknown = lab.size === 0 && behindProxy !== undefined;
  if (!isLocal && !hosts.includes(host.toLowerCase()) && !isUnknown)
    return new Problem(
      'host-refused',
      `This server answers to ${listed(['localhost', ...hosts])} only: use that in the address.`,
      'Host',
    );
  const own = isLocal ? [`http://${host}`] : [];
  const hasPeople = !lab.simulated && lab.people.begunAt !== undefined;
  const accepted = lab.simulated ? own : hasPeople ? origins : [...origins, ...own];
  if (origin !== undefined && !accepted.includes(origin))
    return new Problem(
      'origin-refused',
      hasPeople && own.includes(origin)
        ? `People sign in at ${listed(origins)}: open that address instead.`
        : 'Pages of other sites may not use this server.',
      'Origin',
    );
  if (
    origin === undefined &&
    cookie !== undefined &&
    !SAFE_METHODS.has(method) &&
    !BEARER.test(authorization)
  )
    return new Problem('origin-refused', 'A request with a cookie says its Origin.', 'Origin');
  return undefined;
}

/** As browsers write it in Host: without the port of the scheme. To parse the address takes ten times as long. */
function hostOf(origin: string): string {
  return origin
    .replace(/^https:\/\/|^http:\/\//, '')
    .replace(origin.startsWith('https:') ? /:443$/ : /:80$/, '');
}

function listed(names: readonly string[]): string {
  return names.join(' and ');
}

/** The address that a request is counted under: behind a proxy the last that it forwards, which it wrote itself. */
export function clientAddress(request: IncomingMessage, behindProxy: string | undefined): string {
  if (behindProxy === undefined) return request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').at(-1);
  return last?.trim() || behindProxy;
}

/** Whether a connection comes from the proxy. IPv4 may be written as IPv6. */
export function isPeer(address: string | undefined, proxy: string): boolean {
  const plain = (text: string): string => text.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
  return address !== undefined && plain(address) === plain(proxy);
}
