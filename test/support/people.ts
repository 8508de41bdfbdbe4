import request from 'supertest';
import { v4 } from 'uuid';
import { beginPeople } from '../../src/lab/commands/begin-people.command.js';
import type { LabCommand, LabDefinition } from '../../src/lab/commands/common/lab-command.js';
import type { Engine } from '../../src/recording/engine.js';
import { LEDGER_ITSELF } from '../../src/lab/people/people.js';
import { commandNamed, routeOf } from '../../src/study/catalogue.js';
import { Refusal } from '../../src/study/refusal.js';
import type { Role } from '../../src/study/who.js';
import { SoftwareAuthenticator, type Misbehaviour } from './authenticator.js';

/** Of the site that people are begun at: no name needs to be resolved, since only Host and Origin say it. */
export const ORIGIN = 'https://ledger.lab.example';

export interface Sent {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: Record<string, string>;
}

/** A browser with a passkey, in front of a server that listens. */
export class Client {
  cookie = '';
  /** A lab record, once it is enrolled. */
  credential = -1;
  readonly passkey: SoftwareAuthenticator;

  constructor(
    readonly url: string,
    readonly person: string,
    readonly origin = ORIGIN,
  ) {
    this.passkey = new SoftwareAuthenticator(origin);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Sent> {
    return this.#sent(request(this.url).get(path).set(this.#headers(headers)));
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Sent> {
    return this.#sent(
      request(this.url)
        .post(path)
        .set(this.#headers({ Origin: this.origin, ...headers }))
        .send(body),
    );
  }

  /** A command of a study, by its name. */
  send(
    name: string,
    body: object = commandNamed(name)!.example,
    study = 'KET-01',
    headers = {},
  ): Promise<Sent> {
    return this.post(`/api/v1/studies/${study}/commands/${routeOf(name)}`, body, {
      'Idempotency-Key': v4(),
      ...headers,
    });
  }

  /** A command of the lab, by its name. */
  lab(name: string, data: object, headers = {}): Promise<Sent> {
    return this.post(
      `/api/v1/lab/commands/${routeOf(name)}`,
      { data },
      { 'Idempotency-Key': v4(), ...headers },
    );
  }

  async enrol(code: string): Promise<Sent> {
    const asked = await this.post('/api/v1/enrolment/options', { person: this.person, code });
    if (asked.status !== 200) return asked;
    const { options, ticket } = asked.body as unknown as { options: { challenge: string }; ticket: string };
    const credential = this.passkey.create(options.challenge);
    const enrolled = await this.post('/api/v1/enrolment', {
      ticket,
      code,
      credential,
      label: 'Key of the test',
    });
    const { records } = enrolled.body as unknown as { records?: { number: number }[] };
    this.credential = records?.[0]?.number ?? -1;
    return enrolled;
  }

  async signIn(wrong?: Misbehaviour): Promise<Sent> {
    const { body } = await this.post('/api/v1/sign-in/passkey/options');
    const { options, ticket } = body as unknown as { options: { challenge: string }; ticket: string };
    const credential = this.passkey.get(options.challenge, wrong);
    return this.post('/api/v1/sign-in/passkey', { ticket, credential });
  }

  #headers(headers: Record<string, string>): Record<string, string> {
    const host = new URL(this.origin).host;
    return { Host: host, ...(this.cookie !== '' && { Cookie: this.cookie }), ...headers };
  }

  async #sent(asked: request.Test): Promise<Sent> {
    const answer = await asked;
    const set = (answer.headers['set-cookie'] as unknown as string[] | undefined)?.at(-1);
    if (set !== undefined) this.cookie = set.includes('Max-Age=0') ? '' : set.split(';', 1)[0]!;
    return answer as unknown as Sent;
  }
}

export async function executeInLab(
  engine: Engine,
  definition: LabDefinition,
  data: object,
  actor = LEDGER_ITSELF,
) {
  const submission = { id: v4(), study: '', actor, role: '' };
  const command = Object.assign(definition.create() as LabCommand, { submission, data });
  const receipt = await engine.executeInLab(definition, command);
  if (receipt instanceof Refusal) throw new Error(receipt.message);
  return receipt;
}

/** What `people begin` does. @returns the code of the link */
export async function begin(engine: Engine, origin = ORIGIN, administrator = 'admin-1'): Promise<string> {
  const rpId = new URL(origin).hostname;
  const site = { origin, rpId, zone: 'Europe/Amsterdam', passkeys: 'any' };
  const data = { ...site, administrator, name: 'A. Example' };
  return (await executeInLab(engine, beginPeople, data)).secret!;
}

/** An administrator who is signed in, on a server whose people are begun. */
export async function administratorOf(
  { engine, url }: { engine: Engine; url: string },
  origin = ORIGIN,
): Promise<Client> {
  const client = new Client(url, 'admin-1', origin);
  ok(await client.enrol(await begin(engine, origin)));
  ok(await client.signIn());
  return client;
}

/** Registered, granted, enrolled, confirmed by `by`, signed in. */
export async function hire(
  by: Client,
  person: string,
  roles: readonly (Role | { readonly role: Role; readonly study: string })[],
  confirmer = by,
): Promise<Client> {
  const client = await register(by, person);
  for (const role of roles)
    ok(await by.lab('GrantRole', { person, ...(typeof role === 'string' ? { role } : role) }));
  ok(await confirmer.lab('ConfirmCredential', { credential: client.credential, identity: 'in-person' }));
  ok(await client.signIn());
  return client;
}

/** Registered and enrolled; the passkey is pending. */
export async function register(by: Client, person: string): Promise<Client> {
  const client = new Client(by.url, person, by.origin);
  ok(await by.lab('RegisterPerson', { person, name: `Name of ${person}` }));
  const offered = ok(await by.lab('OfferEnrolment', { person }));
  ok(await client.enrol((offered.body as unknown as { secret: string }).secret));
  return client;
}

export function ok(answer: Sent): Sent {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}

/** A study that the director registers and whose protocol is approved: records #0 and #1. */
export async function beginStudy(director: Client, code = 'KET-01'): Promise<void> {
  const { data } = exampleBody('RegisterStudy') as { data: object };
  ok(await director.send('RegisterStudy', { data: { ...data, director: director.person } }, code));
  ok(await director.send('ApproveProtocol', exampleBody('ApproveProtocol'), code));
}

function exampleBody(name: string): object {
  return structuredClone(commandNamed(name)!.example);
}
