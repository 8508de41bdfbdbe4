import request from 'supertest';
import { v4 } from 'uuid';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import type { Engine } from '../../src/recording/engine.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { peopleLines, type LabLine } from '../../tools/simulation/people.js';
import { exampleOf, serving, type Serving } from '../http/test-server.js';
import { Client, ok } from '../support/people.js';
import { mainOf } from './console-server.js';
import { pairsOf } from './form-pairs.js';

export const STUDY = 'KET-01';
export const ORIGIN = 'http://localhost:3000';

/** A simulated ledger with the people of the demo, and their pages as a browser without a script has them. */
export class SignedPages {
  private constructor(
    readonly server: Serving,
    private readonly clients: ReadonlyMap<string, Client>,
  ) {}

  /** #0 opened, to be governed by signatures; #1 protocol, not signed yet; the director and a technician are signed in. */
  static async open(): Promise<SignedPages> {
    const server = await servingPeople();
    const clients = new Map<string, Client>();
    for (const person of ['sd-01', 'tech-1', 'mgr-1', 'qa-1']) {
      const client = new Client(server.url, person, ORIGIN);
      ok(await client.post('/api/v1/sign-in/simulated', { person }));
      clients.set(person, client);
    }
    const pages = new SignedPages(server, clients);
    const director = pages.as('sd-01');
    const { data } = exampleOf('RegisterStudy') as { data: object };
    ok(await director.send('RegisterStudy', { data: { ...data, director: 'sd-01', governance: 'signed' } }));
    ok(await director.send('ApproveProtocol'));
    return pages;
  }

  as(person: string): Client {
    return this.clients.get(person)!;
  }

  async main(person: string, path: string): Promise<string> {
    const { status, text } = await this.as(person).get(path, { Accept: 'text/html' });
    expect([path, status]).toEqual([path, 200]);
    return mainOf(text);
  }

  attest(actor: string): Promise<void> {
    return inLab(this.server.engine, {
      command: 'GiveAttestation',
      id: v4(),
      actor,
      role: '',
      at: new Date(this.server.time.ms).toISOString(),
      data: { text: ATTESTATION_SHA256 },
    });
  }

  /** Sends the form of a page of signing, as it is. */
  async post(person: string, path: string, pairs: URLSearchParams) {
    const { cookie } = this.as(person);
    return request(this.server.url)
      .post(path)
      .set({ Host: new URL(ORIGIN).host, Origin: ORIGIN, Cookie: cookie, Accept: 'text/html' })
      .type('form')
      .send(pairs.toString());
  }

  async size(): Promise<number> {
    return (await this.server.engine.study(STUDY)).size;
  }
}

/** A simulated ledger with the people of the demo, without a study. */
export async function servingPeople(): Promise<Serving> {
  const server = await serving();
  for (const line of peopleLines(1)) await inLab(server.engine, line);
  return server;
}

async function inLab(engine: Engine, line: LabLine): Promise<void> {
  const { command: name, data, at, ...submission } = line;
  const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
  const command = parseCommand(definition, { data }, { ...submission, study: '', clock: at });
  if (command instanceof Refusal) throw new Error(command.message);
  const answer = await engine.executeInLab(definition, command);
  if (answer instanceof Refusal) throw new Error(answer.message);
}

/** What the form of a page of signing sends. */
export const formOf = (main: string): URLSearchParams => {
  const form = /<form[^>]*data-sign=.*?<\/form>/s.exec(main)?.[0];
  if (form === undefined) throw new Error('no form to sign in the page');
  return pairsOf(form);
};
