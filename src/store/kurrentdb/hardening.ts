import { ANY, jsonEvent, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { makeUser } from './make-user.js';
import { credentialsIn, readKurrentDBAddress, type KurrentDBAddress } from './address.js';
import { KurrentDBConnection, PATIENCE } from './connection.js';
import { meaningOf } from './kurrentdb-errors.js';
import { readSlice } from './read.js';
import { StoreError, isStoreError } from '../store-error.js';

/**
 * A KurrentDB as it is installed lets every user who may sign in delete, cut off and rewrite the rights of every stream.
 * One event by an administrator closes it; that it holds is tried at each start, with attempts that could not succeed.
 *
 * Trust: administrators of the server still can all of it. The ledger's own hashes show it then (docs/trust-model.md).
 */
const SETTINGS = '$settings';
const ACL_TYPE = 'update-default-acl';
const ADMINS = '$admins';

export interface Hardened {
  readonly user: string;
  /** Whether the rights were set now; they may have stood there before. */
  readonly closedNow: boolean;
}

/** What streams without rights of their own allow: the ledger's user appends and reads, administrators do the rest. */
function aclFor(user: string) {
  return {
    $userStreamAcl: { $r: [user], $w: [user], $d: ADMINS, $mr: [user], $mw: ADMINS },
    $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  };
}

/**
 * Makes the user that the address names, and closes the server to everybody else. Repeating it does nothing.
 * @param adminFile a file with `user:password` of an administrator, readable by its owner only.
 * @throws StoreError; `conflict` where the server has other rights already, which others may rely on.
 */
export async function harden(text: string, adminFile: string): Promise<Hardened> {
  const { credentials } = readKurrentDBAddress(text);
  if (!credentials)
    throw new StoreError(
      'address',
      'Without TLS and a user there is nothing to be closed. Name the ledger’s own user with credentialsFile=.',
    );
  const admin = credentialsIn(adminFile);
  const [user] = credentials;
  if (user === admin[0])
    throw new StoreError('address', 'The ledger needs a user of its own, that is no administrator.');
  await makeUser(readKurrentDBAddress(text), credentials, admin);
  return { user, closedNow: await closeStreams(readKurrentDBAddress(text, admin), user) };
}

/** False where the very same rights stand there. */
async function closeStreams(asAdmin: KurrentDBAddress, user: string): Promise<boolean> {
  const acl = aclFor(user);
  return connected(asAdmin, async (connection) => {
    const { events } = await connection.patiently('unavailable', (client) =>
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
        `This server has default rights already, which others may rely on: ${found.slice(0, 300)}. ` +
          `Have its administrator append to ${SETTINGS} an event ${ACL_TYPE}: ${JSON.stringify(acl)}`,
      );
    // One id for all repetitions, so that an answer that was lost leaves one event.
    const event = jsonEvent({ type: ACL_TYPE, data: acl });
    await connection.patiently('unknown-outcome', (client) =>
      client.appendToStream(SETTINGS, event, { streamState: ANY, requiresLeader: true }),
    );
    return true;
  });
}

function isSame(text: string, acl: object): boolean {
  try {
    return JSON.stringify(sorted(JSON.parse(text))) === JSON.stringify(sorted(acl));
  } catch {
    return false;
  }
}

/** `"$d":"a"` and `"$d":["a"]` mean the same to the server. */
function sorted(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

/** A revision that no stream reaches: what is asked for at it cannot happen, and whether it might is told before. */
const NEVER = 2n ** 53n - 1n;

type Attempt = (client: KurrentDBClient, stream: string) => Promise<unknown>;

/** The client's `setStreamMetadata` ignores the revision that it is given, so metadata is appended as what it is. */
const appendsAtNever =
  (streamOf: (stream: string) => string, type: string): Attempt =>
  (client, stream) =>
    client.appendToStream(streamOf(stream), jsonEvent({ type, data: {} }), {
      streamState: NEVER,
      requiresLeader: true,
    });

/** What the ledger's user must not be able to do. */
const FORBIDDEN: readonly (readonly [what: string, attempt: Attempt])[] = [
  [
    'delete the streams of this ledger',
    (client, stream) => client.deleteStream(stream, { expectedRevision: NEVER, requiresLeader: true }),
  ],
  [
    'cut off the beginning of streams, and give rights to others',
    appendsAtNever((stream) => `$$${stream}`, '$metadata'),
  ],
  ['change the rights that hold for the whole server', appendsAtNever(() => SETTINGS, ACL_TYPE)],
];

/**
 * What this ledger's own user could do to it that it should not be able to, in sentences for the owner; nothing where
 * all is closed, and nothing for an insecure connection, of which its owner is told anyway.
 */
export async function looseEnds(text: string): Promise<string[]> {
  const address = readKurrentDBAddress(text);
  if (address.connectionString.includes('tls=false')) return [];
  return connected(address, async (connection) => {
    // A user whose password is wrong is refused everything, which proves nothing.
    const reading = await tried(connection, (client) =>
      readSlice(client, {
        stream: `${address.prefix}lab`,
        from: undefined,
        count: 1,
        deadlineMs: connection.patience.attemptMs,
      }),
    );
    if (reading !== 'open')
      return [`The user of this ledger may not even read it at ${address.shown}: look at its password.`];
    const loose: string[] = [];
    for (const [what, attempt] of FORBIDDEN) {
      const result = await tried(connection, (client) => attempt(client, `${address.prefix}lab`));
      if (result === 'closed') continue;
      loose.push(
        result === 'open'
          ? `The user of this ledger may ${what} at ${address.shown}. Run study-ledger init with --admin-credentials, or have an administrator set the default rights (docs/operations.md).`
          : `Whether the user of this ledger may ${what} at ${address.shown} could not be found out: ${result}`,
      );
    }
    return loose;
  });
}

/** Looks for loose ends without holding up the start, and reports them. A cluster that is away is reported elsewhere. */
export function reportLooseEnds(text: string | undefined, report: (message: string) => void): void {
  if (text === undefined) return;
  void looseEnds(text).then(
    (loose) => loose.forEach(report),
    (error: Error) =>
      report(`Whether the cluster is closed to others could not be found out: ${error.message}`),
  );
}

/** Refused for want of rights: closed. Refused because of the revision, which comes after the rights: open. */
async function tried(
  connection: KurrentDBConnection,
  attempt: (client: KurrentDBClient) => Promise<unknown>,
): Promise<string> {
  try {
    await connection.patiently('unavailable', attempt);
    return 'open';
  } catch (error) {
    if (isStoreError(error, 'denied')) return 'closed';
    if (meaningOf(error).kind === 'wrong-version') return 'open';
    return (error as Error).message;
  }
}

async function connected<T>(
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
