import { randomBytes } from 'node:crypto';
import { v4 } from 'uuid';
import { LAB_CATALOGUE } from '../../../src/lab/commands/catalogue.js';
import type { LabCommand } from '../../../src/lab/commands/common/lab-command.js';
import type { People } from '../../../src/lab/people/people.js';
import { Engine } from '../../../src/recording/engine.js';
import type { LabReceipt } from '../../../src/recording/lab-commands.js';
import { secretDigest } from '../../../src/identity/secret.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { MemoryStore } from '../../../src/store/memory.store.js';
import type { Authentication } from '../../../src/study/commands/common/command.js';
import { parseCommand } from '../../../src/study/parse.js';
import { Refusal } from '../../../src/study/refusal.js';
import type { Role } from '../../../src/study/who.js';

export const MONDAY = Date.parse('2026-03-02T08:00:00Z');
export const RP_ID = 'ledger.lab.example';

/** A real ledger in memory, and what its people do. */
export class PeopleLab {
  nowMs = MONDAY;
  readonly engine: Engine;
  /** By person: the lab record of the passkey that the person signs in with. */
  readonly passkeys = new Map<string, number>();

  constructor(readonly store: EventStore = new MemoryStore()) {
    this.engine = new Engine(store, () => this.nowMs);
  }

  /** Begun, with `admin-1` enrolled. */
  static async begun<L extends PeopleLab>(lab = new PeopleLab() as L): Promise<L> {
    await lab.engine.initialise('lab.example', false, v4());
    const receipt = await lab.done('BeginPeople', 'study-ledger', {
      origin: `https://${RP_ID}`,
      rpId: RP_ID,
      zone: 'Europe/Amsterdam',
      passkeys: 'any',
      administrator: 'admin-1',
      name: 'A. Example',
    });
    await lab.enrol('admin-1', receipt.secret);
    return lab;
  }

  get people(): People {
    return this.engine.labNow.people;
  }

  later(ms: number): void {
    this.nowMs += ms;
  }

  /** Signed in by passkey at this moment. */
  by(person: string): Authentication | undefined {
    const credential = this.passkeys.get(person);
    return credential === undefined ? undefined : { method: 'passkey', signedInMs: this.nowMs, credential };
  }

  async send(
    name: string,
    actor: string,
    data: object,
    { id = v4(), by = this.by(actor) }: { id?: string; by?: Authentication | undefined } = {},
  ): Promise<LabReceipt | Refusal> {
    const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
    const submission = { id, study: '', actor, role: '', ...(by && { by }) };
    const command = parseCommand<LabCommand>(definition, { data }, submission);
    return command instanceof Refusal ? command : this.engine.executeInLab(definition, command);
  }

  async done(name: string, actor: string, data: object): Promise<LabReceipt> {
    const answer = await this.send(name, actor, data);
    if (answer instanceof Refusal) throw new Error(`${name}: ${answer.code}: ${answer.message}`);
    return answer;
  }

  async refused(name: string, actor: string, data: object): Promise<string> {
    const answer = await this.send(name, actor, data);
    if (answer instanceof Refusal) return answer.code;
    throw new Error(`${name} was recorded`);
  }

  /** Registered, with a role in the facility. */
  async hire(person: string, ...roles: readonly Role[]): Promise<void> {
    await this.done('RegisterPerson', 'admin-1', { person, name: `Name of ${person}` });
    for (const role of roles) await this.done('GrantRole', 'admin-1', { person, role });
  }

  /** The lab record of a new passkey, by the code of a link; by the person signed in, without one. */
  async enrol(
    person: string,
    code?: string,
    key = randomBytes(40).toString('base64url'),
    backupEligible = false,
  ): Promise<number> {
    const receipt = await this.done('EnrolCredential', person, {
      person,
      ...(code !== undefined && { code: secretDigest(code)! }),
      credentialId: `id-${key}`,
      publicKey: key,
      alg: -7,
      rpId: RP_ID,
      label: 'Key on the ring',
      backupEligible,
      attachment: 'cross-platform',
    });
    const { number } = receipt.records[0]!;
    if (!this.passkeys.has(person)) this.passkeys.set(person, number);
    return number;
  }

  async offer(person: string, by = 'admin-1', data: object = {}): Promise<string> {
    return (await this.done('OfferEnrolment', by, { person, ...data })).secret!;
  }

  /** Registered, with a role and a passkey that `confirmer` confirmed. */
  async join(person: string, role: Role, confirmer = 'admin-1'): Promise<void> {
    await this.hire(person, role);
    const credential = await this.enrol(person, await this.offer(person));
    await this.done('ConfirmCredential', confirmer, { credential, identity: 'in-person' });
  }
}
