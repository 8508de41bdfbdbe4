import { v4 } from 'uuid';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { secretDigest } from '../../src/identity/secret.js';
import type { LabReceipt } from '../../src/recording/lab-commands.js';
import { commandNamed } from '../../src/study/catalogue.js';
import type { Authentication } from '../../src/study/commands/common/command.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { START, opened, type TestLedger, type TestOptions } from '../recording/test-ledger.js';

export const ADMINISTRATOR = 'admin-1';
/** Management, with a confirmed passkey: confirms erasures and registers studies. */
export const SECOND = 'mara-m';

/** Of whoever signed in: no access log says so here, and only the check of a folder would ask for it. */
const SESSION = '0b1d9c9e-7c0f-4a55-8a55-0c8f4b1f6a01';

export interface PeopleLedger extends TestLedger {
  /** A command of the lab by somebody who signed in by passkey just now. */
  inLab(actor: string, name: string, data: object, id?: string): Promise<LabReceipt | Refusal>;
  inStudy(actor: string, name: string, body: object): Promise<void>;
}

/** A real ledger of two people with confirmed passkeys, an administrator and a manager. */
export async function withPeople(path: string): Promise<PeopleLedger> {
  const ledger = await reopened(path);
  const site = { origin: 'https://ledger.lab.example', rpId: 'ledger.lab.example', zone: 'Europe/Amsterdam' };
  const begun = await taken(
    ledger.inLab('study-ledger', 'BeginPeople', {
      ...site,
      passkeys: 'any',
      administrator: ADMINISTRATOR,
      name: 'Ada Administrator',
    }),
  );
  await enrol(ledger, ADMINISTRATOR, begun);
  await taken(ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person: SECOND, name: 'Mara Manager' }));
  await taken(ledger.inLab(ADMINISTRATOR, 'GrantRole', { person: SECOND, role: 'management' }));
  const offered = await taken(ledger.inLab(ADMINISTRATOR, 'OfferEnrolment', { person: SECOND }));
  const credential = await enrol(ledger, SECOND, offered);
  await taken(ledger.inLab(ADMINISTRATOR, 'ConfirmCredential', { credential, identity: 'in-person' }));
  return ledger;
}

/** The same ledger again. */
export async function reopened(path: string, options: TestOptions = {}): Promise<PeopleLedger> {
  const ledger = await opened(path, { simulated: false, people: false, ...options });
  const { engine } = ledger;
  const by = (actor: string): Authentication | undefined => {
    const credential = engine.labNow.people.persons.get(actor)?.credentials.at(-1)?.number;
    return credential === undefined ? undefined : { method: 'passkey', signedInMs: START, credential };
  };
  const submission = (actor: string, study: string, id: string) => {
    const authentication = by(actor);
    return { id, study, actor, role: '', ...(authentication && { by: authentication, session: SESSION }) };
  };
  return {
    ...ledger,
    async inLab(actor, name, data, id = v4()) {
      const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
      const command = parseCommand(definition, { data }, submission(actor, '', id));
      return command instanceof Refusal ? command : engine.executeInLab(definition, command);
    },
    async inStudy(actor, name, body) {
      const definition = commandNamed(name)!;
      const command = parseCommand(definition, body, submission(actor, 'NP-001', v4()));
      await taken(
        command instanceof Refusal ? Promise.resolve(command) : engine.execute(definition, command),
      );
    },
  };
}

export async function taken<R>(answer: Promise<R | Refusal>): Promise<R> {
  const given = await answer;
  if (given instanceof Refusal) throw new Error(`${given.code}: ${given.message}`);
  return given;
}

/** The first lab record of an answer. */
export function numberOf({ records: [first] }: LabReceipt): number {
  return first!.number;
}

export async function enrol(
  ledger: PeopleLedger,
  person: string,
  { secret = '' }: Pick<LabReceipt, 'secret'>,
): Promise<number> {
  const key = Buffer.from(`key of ${person} ${secret.slice(0, 8)}`).toString('base64url');
  const enrolled = await taken(
    ledger.inLab(person, 'EnrolCredential', {
      person,
      code: secretDigest(secret),
      credentialId: key,
      publicKey: key,
      alg: -7,
      rpId: 'ledger.lab.example',
      label: `blue key of ${person}`,
      backupEligible: false,
      attachment: 'cross-platform',
    }),
  );
  return numberOf(enrolled);
}
