import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { secretDigest } from '../../src/identity/secret.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { LEDGER_ITSELF } from '../../src/lab/people/people.js';
import type { Engine } from '../../src/recording/engine.js';
import type { LabReceipt } from '../../src/recording/lab-commands.js';
import type { Submission } from '../../src/study/commands/common/command.js';
import { parseCommand } from '../../src/study/parse.js';
import { utcInstant } from '../../src/study/instant.js';
import { Refusal } from '../../src/study/refusal.js';
import { freshFolder } from './folders.js';

export type Acting = Pick<Submission, 'actor' | 'role' | 'session' | 'by'>;

/** Who directs the study of the examples. */
export const DIRECTOR = 'sd-01';

const RP_ID = 'ledger.lab.example';

/**
 * Gives a real ledger one person, who administers it and directs its studies, with a passkey in nobody’s hand. Lab records
 * 1 to 7.
 */
export async function withDirector(engine: Engine, person = DIRECTOR): Promise<void> {
  const itself = { actor: LEDGER_ITSELF, role: 'system' };
  const site = { origin: `https://${RP_ID}`, rpId: RP_ID, zone: 'UTC', passkeys: 'any' };
  const begun = await inLab(engine, itself, 'BeginPeople', { ...site, administrator: person, name: 'S. D.' });
  const key = Buffer.from(`passkey of ${person}`).toString('base64url');
  await inLab(engine, { actor: person, role: '' }, 'EnrolCredential', {
    person,
    code: secretDigest(begun.secret!),
    credentialId: key,
    publicKey: key,
    alg: -7,
    rpId: RP_ID,
    label: 'Key on the ring',
    backupEligible: false,
    attachment: 'cross-platform',
  });
  const signedIn = await actingIn(engine, person);
  if (signedIn instanceof Refusal) throw new Error(signedIn.message);
  const grant = { person, role: 'director', conflict: 'small-laboratory' };
  await inLab(engine, signedIn, 'GrantRole', grant);
}

/** Records a command of the lab. @throws where it is refused */
export async function inLab(engine: Engine, acting: Acting, name: string, data: object): Promise<LabReceipt> {
  const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
  const command = parseCommand(definition, { data }, { id: v4(), study: '', ...acting });
  const answer = command instanceof Refusal ? command : await engine.executeInLab(definition, command);
  if (answer instanceof Refusal) throw new Error(`${name}: ${answer.code}: ${answer.message}`);
  return answer;
}

/** A session counts for 12 hours. */
const LONGEST_MS = 12 * 3_600_000;
const sessions = new WeakMap<Engine, { readonly acting: Acting; readonly atMs: number }>();

/** For whom commands are sent: the director, signed in by passkey; in a simulated ledger whoever is claimed. */
export async function actingIn(
  engine: Engine,
  person = DIRECTOR,
  claimed: Acting = { actor: 'dev', role: 'development' },
): Promise<Acting | Refusal> {
  // Who asks a lab that is open already does not read it on: tests hold its store back.
  const { simulated, people } = engine.labNow.size > 0 ? engine.labNow : await engine.lab();
  const credential = people.persons.get(person)?.credentials.at(-1)?.number;
  if (simulated || credential === undefined) return claimed;
  const atMs = engine.clock();
  const known = sessions.get(engine);
  if (known && atMs >= known.atMs && atMs - known.atMs < LONGEST_MS) return known.acting;
  const id = v4();
  const answer = await engine.signIn({ person, id, proof: { method: 'passkey', credential, counter: 0 } });
  if (answer instanceof Refusal) return answer;
  const by = { method: 'passkey', credential, signedInMs: atMs } as const;
  const acting: Acting = { actor: person, role: '', session: id, by };
  sessions.set(engine, { acting, atMs });
  return acting;
}

/** A file with a token of the director, for programs. */
export async function tokenFileOf(engine: Engine, data: object = {}): Promise<string> {
  const acting = await actingIn(engine);
  if (acting instanceof Refusal) throw new Error(acting.message);
  const { secret } = await inLab(engine, acting, 'IssueToken', {
    person: acting.actor,
    label: 'The balance',
    roles: ['director-records'],
    until: utcInstant(engine.clock() + 24 * 3_600_000),
    ...data,
  });
  const file = join(freshFolder('token'), 'token');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return file;
}
