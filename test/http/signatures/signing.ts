import { ATTESTATION_SHA256 } from '../../../src/lab/people/attestation.js';
import { administratorOf, beginStudy, hire, ok, type Client, type Sent } from '../../support/people.js';
import type { Misbehaviour } from '../../support/authenticator.js';
import { serving, type Serving } from '../test-server.js';

import { MemoryStore } from '../../../src/store/memory.store.js';
import type { StoredRecord } from '../../../src/store/event-store.js';

export const STUDY = 'KET-01';

/** Several processes write to it; and its bytes can be changed under the ledger. */
export class OpenToAll extends MemoryStore {
  override readonly soleWriter: boolean = false;
  altered: (text: string) => string = (text) => text;

  override async *read(stream: string, from = 0): AsyncGenerator<readonly StoredRecord[]> {
    for await (const page of super.read(stream, from))
      yield page.map((record) => ({ ...record, text: this.altered(record.text) }));
  }
}

export interface SigningStudy {
  readonly server: Serving;
  readonly admin: Client;
  readonly director: Client;
  readonly technician: Client;
  readonly manager: Client;
}

export interface PreparedReply {
  readonly payload: string;
  readonly ticket: string;
  readonly options: { readonly challenge: string; readonly allowCredentials: { readonly id: string }[] };
  readonly shown: { readonly predicate: Record<string, unknown>; readonly subject: object[] };
}

/** A real ledger with a study: #0 opened, #1 protocol approved, #2 an animal enrolled by the technician. Three people can sign. */
export async function signingStudy(options: Parameters<typeof serving>[0] = {}): Promise<SigningStudy> {
  const server = await serving({ simulated: false, ...options });
  const admin = await administratorOf(server);
  const manager = await hire(admin, 'mgr-1', ['management']);
  const director = await hire(admin, 'sd-01', ['director'], manager);
  const technician = await hire(admin, 'tech-1', ['technician'], manager);
  await beginStudy(director, STUDY);
  ok(await technician.send('EnrolSubject'));
  for (const one of [manager, director, technician]) ok(await attest(one));
  return { server, admin, director, technician, manager };
}

export function attest(client: Client): Promise<Sent> {
  return client.lab('GiveAttestation', { text: ATTESTATION_SHA256 });
}

export function prepare(client: Client, asked: object, study = STUDY): Promise<Sent> {
  return client.post(`/api/v1/studies/${study}/signatures/prepare`, asked);
}

export async function prepared(client: Client, asked: object, study = STUDY): Promise<PreparedReply> {
  return ok(await prepare(client, asked, study)).body as unknown as PreparedReply;
}

/** Sends what the passkey of `by` signs of what was prepared. */
export function send(
  client: Client,
  { payload, ticket, options }: PreparedReply,
  { by = client, study = STUDY, wrong }: { by?: Client; study?: string; wrong?: Misbehaviour } = {},
): Promise<Sent> {
  const credential = by.passkey.get(options.challenge, wrong);
  return client.post(`/api/v1/studies/${study}/signatures`, { payload, ticket, credential });
}

export async function sign(client: Client, asked: object, study = STUDY): Promise<Sent> {
  return send(client, await prepared(client, asked, study), { study });
}
