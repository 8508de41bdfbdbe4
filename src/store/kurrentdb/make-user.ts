import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Credentials, KurrentDBAddress } from './address.js';
import { askUntil } from '../../shared/retry.js';
import { StoreError } from '../store-error.js';

const ATTEMPT_MS = 5_000;
const PATIENCE = { pauseMs: 500, giveUpMs: 30_000 };
const DEFAULT_PORT = '2113';

const HTTP = { created: 201, unauthorized: 401, forbidden: 403, conflict: 409 } as const;
const FINAL: readonly (number | Error)[] = Object.values(HTTP);

/**
 * Makes a user by the server's HTTP interface; gRPC has no call for it. An existing user is left as it is: whether it has
 * this password shows when it signs in. During an election no node can do it, so the nodes are asked in turn.
 */
export async function makeUser(
  { hosts, shown, caFile }: KurrentDBAddress,
  [loginName, password]: Credentials,
  admin: Credentials,
): Promise<void> {
  const body = JSON.stringify({ loginName, fullName: 'Study Ledger', groups: [], password });
  const ca = caFile === undefined ? undefined : readFileSync(caFile);
  const ask = (attempt: number): Promise<number | Error> =>
    post(hosts[attempt % hosts.length]!, body, admin, ca).catch((error: Error) => error);
  const answer = await askUntil(ask, (status) => FINAL.includes(status), PATIENCE);
  if (answer === HTTP.created || answer === HTTP.conflict) return;
  if (answer === HTTP.unauthorized || answer === HTTP.forbidden)
    throw new StoreError(
      'denied',
      `${shown} does not accept ${admin[0]} as an administrator. Check the name and password.`,
    );
  const last = answer instanceof Error ? answer.message : `status ${answer}`;
  throw new StoreError('unavailable', `${shown} did not make the user ${loginName}. (Last: ${last})`);
}

/** @returns the HTTP status. Does not follow redirections, which would send the administrator's password elsewhere. */
function post(host: string, body: string, credentials: Credentials, ca: Buffer | undefined): Promise<number> {
  const { hostname, port } = new URL(`https://${host}`);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port: port || DEFAULT_PORT,
        path: '/users/',
        method: 'POST',
        timeout: ATTEMPT_MS,
        ...(ca && { ca }),
        auth: credentials.join(':'),
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0)).on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(body);
  });
}
