import { ANY, jsonEvent } from '@kurrent/kurrentdb-client';
import { makeUser } from './make-user.js';
import { readCredentialsFile, readKurrentDBAddress } from './address.js';
import { withConnection, type KurrentDBConnection } from './connection.js';
import { readSlice } from './read.js';
import { StoreError } from '../store-error.js';

/**
 * A KurrentDB as installed lets every user who can sign in delete and cut every stream and change its rights. One event
 * by an administrator restricts that. Each start tests it, with requests that cannot succeed even if they are allowed.
 *
 * Trust: administrators of the server can still do all of it. The ledger's own hashes then show it (docs/trust-model.md).
 */
export const SETTINGS = '$settings';
export const ACL_TYPE = 'update-default-acl';
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
  return withConnection(readKurrentDBAddress(text, admin), async (connection) => {
    // Before the user is made, since the rights that are set may not allow this ledger.
    const rightsSet = await areRightsSet(connection, user);
    await makeUser(readKurrentDBAddress(text), credentials, admin);
    if (!rightsSet) await setDefaultRights(connection, user);
    return { user, rightsSet: !rightsSet };
  });
}

/**
 * Whether exactly these default rights are set already; false where none are.
 * @throws StoreError `conflict` where others are.
 */
async function areRightsSet(connection: KurrentDBConnection, user: string): Promise<boolean> {
  const { events } = await connection.retry('unavailable', (client) =>
    readSlice(client, {
      stream: SETTINGS,
      from: undefined,
      count: 1,
      deadlineMs: connection.patience.attemptMs,
    }),
  );
  const found = events[0]?.bytes.toString('utf8');
  if (found === undefined) return false;
  if (isSame(found, makeAcl(user))) return true;
  throw new StoreError(
    'conflict',
    `This server already has default rights, which others may rely on: ${found.slice(0, 300)}. Nothing was changed, and ` +
      `no user was made. Ask its administrator to append to ${SETTINGS} an event ${ACL_TYPE} that gives both their ` +
      `rights: ${JSON.stringify(addUser(found, user))}`,
  );
}

async function setDefaultRights(connection: KurrentDBConnection, user: string): Promise<void> {
  // All attempts use one event id, so a lost answer does not lead to a second event.
  const event = jsonEvent({ type: ACL_TYPE, data: makeAcl(user) });
  await connection.retry('unknown-outcome', (client) =>
    client.appendToStream(SETTINGS, event, { streamState: ANY, requiresLeader: true }),
  );
}

/** The default rights that are set, with those that the ledger's user needs; this ledger's alone where they are unreadable. */
export function addUser(found: string, user: string): object {
  const acl = makeAcl(user);
  const { $userStreamAcl: set = {} } = parseAcl(found) as { $userStreamAcl?: Record<string, unknown> };
  const both = Object.fromEntries(
    (['$r', '$w', '$mr'] as const).map((right) => [right, [...new Set([...listed(set[right]), user])]]),
  );
  return { ...acl, $userStreamAcl: { ...acl.$userStreamAcl, ...both } };
}

/** The server takes one name instead of a list of one. */
function listed(names: unknown): unknown[] {
  return names === undefined ? [] : [names].flat();
}

function parseAcl(text: string): object {
  try {
    const acl: unknown = JSON.parse(text);
    return typeof acl === 'object' && acl !== null ? acl : {};
  } catch {
    return {};
  }
}

function isSame(text: string, acl: object): boolean {
  return JSON.stringify(normalise(parseAcl(text))) === JSON.stringify(normalise(acl));
}

/** Sorts members. To the server `"$d":"a"` and `"$d":["a"]` are the same. */
function normalise(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, normalise(inner)]));
}
