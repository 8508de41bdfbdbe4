import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import type { KurrentDBAddress } from './address.js';
import { StoreError } from '../store-error.js';

const TIMEOUT_MS = 2_000;
const DEFAULT_PORT = 2113;

/** `trusted`, `no answer`, or why the certificate is not trusted. */
type Handshake = 'trusted' | 'no answer' | { readonly reason: string };

/**
 * Asks each node for its certificate. The client reports a certificate that it does not trust like a node that is
 * down, and for several nodes not at all.
 * @returns the error, if at least one certificate is not trusted and none is; undefined otherwise.
 */
export async function findCertificateError(address: KurrentDBAddress): Promise<StoreError | undefined> {
  const { secure, hosts, caFile, shown } = address;
  // Behind a DNS name are nodes with names of their own.
  if (!secure || shown.startsWith('kurrentdb+discover:')) return undefined;
  const ca = caFile === undefined ? undefined : readFileSync(caFile);
  const handshakes = await Promise.all(hosts.map((host) => shakeHands(host, ca)));
  if (handshakes.includes('trusted')) return undefined;
  for (const [index, handshake] of handshakes.entries())
    if (typeof handshake === 'object')
      return new StoreError(
        'address',
        `The certificate of ${hosts[index]} is not trusted: ${handshake.reason}. Check that tlsCaFile= names the ` +
          'authority that issued it, that the certificate names this host, and its dates.',
      );
  return undefined;
}

function shakeHands(host: string, ca: Buffer | undefined): Promise<Handshake> {
  const { hostname, port } = new URL(`https://${host}`);
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      host: hostname,
      port: Number(port || DEFAULT_PORT),
      servername: hostname,
      ALPNProtocols: ['h2'],
      timeout: TIMEOUT_MS,
      ...(ca && { ca }),
    });
    const end = (handshake: Handshake): void => {
      resolve(handshake);
      socket.destroy();
    };
    socket.on('secureConnect', () => end('trusted'));
    socket.on('timeout', () => end('no answer'));
    // Set only where a certificate was received and not accepted.
    socket.on('error', ({ message }) => end(socket.authorizationError ? { reason: message } : 'no answer'));
  });
}
