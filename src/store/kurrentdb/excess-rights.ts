import { jsonEvent, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { readKurrentDBAddress, type KurrentDBAddress } from './address.js';
import { withConnection, type KurrentDBConnection } from './connection.js';
import { ACL_TYPE, SETTINGS } from './hardening.js';
import { classifyError } from './kurrentdb-errors.js';
import { readSlice } from './read.js';
import { isStoreError } from '../store-error.js';

/** A revision that no stream reaches. A request at it always fails, but the server checks the rights first. */
const NEVER = 2n ** 53n - 1n;

type ForbiddenRequest = (client: KurrentDBClient) => Promise<unknown>;

const deleteStream =
  (stream: string): ForbiddenRequest =>
  (client) =>
    client.deleteStream(stream, { expectedRevision: NEVER, requiresLeader: true });

const append =
  (stream: string, type: string): ForbiddenRequest =>
  (client) =>
    client.appendToStream(stream, jsonEvent({ type, data: {} }), {
      streamState: NEVER,
      requiresLeader: true,
    });

/**
 * Tests what the ledger's own user is allowed to do to it but should not be.
 * @param streams without the prefix. A stream can have rights of its own, so each is tested.
 * @returns a sentence for the owner about each right; none for an insecure connection, which has its own warning.
 */
export async function findExcessRights(
  text: string,
  streams: readonly string[] = ['lab'],
): Promise<string[]> {
  const address = readKurrentDBAddress(text);
  if (!address.secure) return [];
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
    const found = await testRequest(
      connection,
      address,
      'change the rights of the whole server',
      append(SETTINGS, ACL_TYPE),
    );
    for (const stream of streams) found.push(...(await findExcessRightsOn(connection, address, stream)));
    return found;
  });
}

/** The same for one stream. The client's `setStreamMetadata` ignores the revision, so metadata is appended as an event. */
export async function findExcessRightsOn(
  connection: KurrentDBConnection,
  address: KurrentDBAddress,
  stream: string,
): Promise<string[]> {
  const name = address.prefix + stream;
  return [
    ...(await testRequest(connection, address, `delete the stream ${stream}`, deleteStream(name))),
    ...(await testRequest(
      connection,
      address,
      `cut the stream ${stream} and change its rights`,
      append(`$$${name}`, '$metadata'),
    )),
  ];
}

async function testRequest(
  connection: KurrentDBConnection,
  { shown }: KurrentDBAddress,
  what: string,
  request: ForbiddenRequest,
): Promise<string[]> {
  const result = await tryRequest(connection, request);
  if (result === 'denied') return [];
  return [
    result === 'allowed'
      ? `The user of this ledger is allowed to ${what} at ${shown}. Run study-ledger init with --admin-credentials, or ask an administrator to set the default rights (docs/operations.md).`
      : `It could not be tested whether the user of this ledger is allowed to ${what} at ${shown}: ${result}`,
  ];
}

/** Tests the rights in the background and reports what it finds. */
export function reportExcessRights(text: string | undefined, report: (message: string) => void): void {
  if (text === undefined) return;
  void findExcessRights(text).then(
    (found) => found.forEach(report),
    (error: Error) => report(`The rights at the cluster could not be tested: ${error.message}`),
  );
}

/** `denied`, `allowed`, or what else went wrong. The revision is checked after the rights: a refusal for it means allowed. */
async function tryRequest(connection: KurrentDBConnection, request: ForbiddenRequest): Promise<string> {
  try {
    await connection.retry('unavailable', request);
    return 'allowed';
  } catch (error) {
    if (isStoreError(error, 'denied')) return 'denied';
    if (classifyError(error).kind === 'wrong-version') return 'allowed';
    return (error as Error).message;
  }
}
