import { ANY, jsonEvent, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { makeUser } from './make-user.js';
import { readCredentialsFile, readKurrentDBAddress, type KurrentDBAddress } from './address.js';
import { KurrentDBConnection, PATIENCE } from './connection.js';
import { classifyError } from './kurrentdb-errors.js';
import { readSlice } from './read.js';
import { StoreError, isStoreError } from '../store-error.js';

/**
 * A KurrentDB as installed lets every user who can sign in delete and cut every stream and change its rights. One event
 * by an administrator restricts that. Each start tests it, with requests that cannot succeed even if they are allowed.
 *
 * Trust: administrators of the server can still do all of it. The ledger's own hashes then show it (docs/trust-model.md).
 */
const SETTINGS = '$settings';
const ACL_TYPE = 'update-default-acl';
const ADMINS = '$admins';

export interface Hardened {
  readonly user: string;
  /** False where the same rights were already set. */
  readonly rightsSet: boolean;
}

/** The default rights: the ledger's user reads and appends, administrators do the rest. */
function makeAcl(user: string) {
  return {
    $userStreamAcl: { $r: [user], $w: [user], $d: ADMINS, $mr: [user], $mw: ADMINS },
    $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  };
}

/**
 * Makes the user that the address names, and restricts every stream to that user and administrators. Repeating it does
 * nothing.
 * @param adminFile holds `user:password` of an administrator, and is readable by its owner only.
 * @throws StoreError; `conflict` where the server already has other default rights, which others may rely on.
 */
export async function harden(text: string, adminFile: string): Promise<Hardened> {
  const { credentials } = readKurrentDBAddress(text);
  if (!credentials)
    throw new StoreError(
      'address',
      'Rights can be set only with TLS and a user. Name the ledger’s own user with credentialsFile=.',
    );
  const admin = readCredentialsFile(adminFile);
  const [user] = credentials;
  if (user === admin[0])
    throw new StoreError('address', 'The ledger needs a user of its own that is not an administrator.');
  await makeUser(readKurrentDBAddress(text), credentials, admin);
  return { user, rightsSet: await setDefaultRights(readKurrentDBAddress(text, admin), user) };
}

/** False where the same rights are already set. */
async function setDefaultRights(asAdmin: KurrentDBAddress, user: string): Promise<boolean> {
  const acl = makeAcl(user);
  return withConnection(asAdmin, async (connection) => {
    const { events } = await connection.retry('unavailable', (client) =>
      readSlice(client, {
        stream: SETTINGS,
        from: undefined,
        count: 1,
        deadlineMs: connection.patience.attemptMs,
      }),
    );
    const found = events[0]?.bytes.toString('utf8');
    if (found !== undefined && isSame(found, acl)) return false;
    if (found !== undefined)
      throw new StoreError(
        'conflict',
        `This server already has default rights, which others may rely on: ${found.slice(0, 300)}. ` +
          `Ask its administrator to append to ${SETTINGS} an event ${ACL_TYPE}: ${JSON.stringify(acl)}`,
      );
    // All attempts use one event id, so a lost answer does not lead to a second event.
    const event = jsonEvent({ type: ACL_TYPE, data: acl });
    await connection.retry('unknown-outcome', (client) =>
      client.appendToStream(SETTINGS, event, { streamState: ANY, requiresLeader: true }),
    );
    return true;
  });
}

function isSame(text: string, acl: object): boolean {
  try {
    return JSON.stringify(normalise(JSON.parse(text))) === JSON.stringify(normalise(acl));
  } catch {
    return false;
  }
}

/** Sorts members. To the server `"$d":"a"` and `"$d":["a"]` are the same. */
function normalise(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, normalise(inner)]));
}

/** A revision that no stream reaches. A request at it always fails, but the server checks the rights first. */
const NEVER = 2n ** 53n - 1n;

type ForbiddenRequest = (client: KurrentDBClient, stream: string) => Promise<unknown>;

/** Metadata is appended as an event, since the client's `setStreamMetadata` ignores the revision. */
const appendAtNever =
  (streamOf: (stream: string) => string, type: string): ForbiddenRequest =>
  (client, stream) =>
    client.appendToStream(streamOf(stream), jsonEvent({ type, data: {} }), {
      streamState: NEVER,
      requiresLeader: true,
    });

/** What the ledger's user must not be allowed to do. */
const FORBIDDEN: readonly (readonly [what: string, request: ForbiddenRequest])[] = [
  [
    'delete the streams of this ledger',
    (client, stream) => client.deleteStream(stream, { expectedRevision: NEVER, requiresLeader: true }),
  ],
  [
    'cut off the beginning of streams, and give rights to others',
    appendAtNever((stream) => `$$${stream}`, '$metadata'),
  ],
  ['change the rights that hold for the whole server', appendAtNever(() => SETTINGS, ACL_TYPE)],
];

/**
 * Tests what the ledger's own user is allowed to do to it but should not be.
 * @returns a sentence for the owner about each right; none for an insecure connection, which has its own warning.
 */
export async function findExcessRights(text: string): Promise<string[]> {
  const address = readKurrentDBAddress(text);
  if (address.connectionString.includes('tls=false')) return [];
  return withConnection(address, async (connection) => {
    // A user with a wrong password is denied everything, which proves nothing.
    const reading = await tryRequest(connection, (client) =>
      readSlice(client, {
        stream: `${address.prefix}lab`,
        from: undefined,
        count: 1,
        deadlineMs: connection.patience.attemptMs,
      }),
    );
    if (reading !== 'allowed')
      return [`The user of this ledger is not allowed to read it at ${address.shown}. Check its password.`];
    const found: string[] = [];
    for (const [what, request] of FORBIDDEN) {
      const result = await tryRequest(connection, (client) => request(client, `${address.prefix}lab`));
      if (result === 'denied') continue;
      found.push(
        result === 'allowed'
          ? `The user of this ledger is allowed to ${what} at ${address.shown}. Run study-ledger init with --admin-credentials, or ask an administrator to set the default rights (docs/operations.md).`
          : `It could not be tested whether the user of this ledger is allowed to ${what} at ${address.shown}: ${result}`,
      );
    }
    return found;
  });
}

/** Tests the rights in the background and reports what it finds. */
export function reportExcessRights(text: string | undefined, report: (message: string) => void): void {
  if (text === undefined) return;
  void findExcessRights(text).then(
    (found) => found.forEach(report),
    (error: Error) => report(`The rights at the cluster could not be tested: ${error.message}`),
  );
}

/** `denied`, `allowed`, or what else went wrong. The revision is checked after the rights, so a refusal for it means allowed. */
async function tryRequest(
  connection: KurrentDBConnection,
  request: (client: KurrentDBClient) => Promise<unknown>,
): Promise<string> {
  try {
    await connection.retry('unavailable', request);
    return 'allowed';
  } catch (error) {
    if (isStoreError(error, 'denied')) return 'denied';
    if (classifyError(error).kind === 'wrong-version') return 'allowed';
    return (error as Error).message;
  }
}

async function withConnection<T>(
  address: KurrentDBAddress,
  use: (connection: KurrentDBConnection) => Promise<T>,
): Promise<T> {
  const connection = new KurrentDBConnection(address, PATIENCE);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
