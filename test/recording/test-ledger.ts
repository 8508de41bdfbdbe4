import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import type { Engine } from '../../src/recording/engine.js';
import { openLedgerFolder, type LedgerOptions, type OpenedLedger } from '../../src/operations/open-ledger.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { freshFolder } from '../support/folders.js';
import { actingIn, tokenFileOf, withDirector } from '../support/director.js';
import { testAddress } from '../support/test-store.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';

export const START = Date.parse('2026-03-02T09:15:00Z');

/** Sends a command as its example has it, with changes. */
export function sender(engine: Engine, study = 'NP-001') {
  return async (name: string, changes: object = {}, id = v4()): Promise<Receipt | Refusal> => {
    const definition = commandNamed(name)!;
    const body = { ...(JSON.parse(JSON.stringify(definition.example)) as object), ...changes };
    const acting = await actingIn(engine);
    if (acting instanceof Refusal) return acting;
    const command = parseCommand(definition, body, { id, study, ...acting });
    return command instanceof Refusal ? command : engine.execute(definition, command);
  };
}

/** Registers a study under any id, as a program that does not ask for the ids of clients could. */
export function plant(engine: Engine, study: string, id: string): Promise<Receipt | Refusal> {
  const definition = commandNamed('RegisterStudy')!;
  const submission = { id: v4(), study, actor: 'mallory', role: 'technician' };
  const command = parseCommand(definition, { ...definition.example }, submission);
  if (command instanceof Refusal) throw new Error(command.message);
  return engine.execute(definition, Object.assign(command, { submission: { ...submission, id } }));
}

export type Send = ReturnType<typeof sender>;

export interface TestLedger extends OpenedLedger {
  readonly send: Send;
  /** Records body weights, so that the study grows by as many records. */
  grow(count: number): Promise<void>;
  /** Registered, approved, one animal: records 0 to 2. */
  study(): Promise<void>;
}

export interface TestOptions extends Partial<LedgerOptions> {
  /** Whether a new real ledger gets its director. */
  readonly people?: boolean;
}

/**
 * A ledger in a folder, opened as the program opens it, at a time that stands still. A new one is simulated unless the
 * options say otherwise: a real one takes commands by people only.
 */
export async function opened(
  path: string,
  { people = true, ...options }: TestOptions = {},
): Promise<TestLedger> {
  const ledger = await openLedgerFolder(path, {
    holder: 'test',
    facility: 'lab.example',
    clock: () => START,
    simulated: true,
    store: await testAddress(path),
    ...(process.env['TEST_STORE'] !== undefined && { report: () => undefined }),
    ...options,
  });
  const { simulated, people: known } = await ledger.engine.lab();
  if (people && !simulated && known.begunAt === undefined) await withDirector(ledger.engine);
  const send = sender(ledger.engine);
  const taken = async (name: string): Promise<void> => {
    const answer = await send(name);
    if (answer instanceof Refusal) throw new Error(`${answer.code}: ${answer.message}`);
  };
  return {
    ...ledger,
    send,
    async grow(count) {
      await Promise.all(Array.from({ length: count }, () => taken('RecordBodyWeight')));
    },
    async study() {
      for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await taken(name);
    },
  };
}

/** A real ledger with its director, who is signed in. */
export function openedReal(path: string, options: TestOptions = {}): Promise<TestLedger> {
  return opened(path, { simulated: false, ...options });
}

/** Gives a real ledger that init made its director, a study with one animal, and a token: the file of the token. */
export async function directed(path: string): Promise<string> {
  const ledger = await opened(path, { clock: () => Date.now() });
  try {
    await ledger.study();
    return await tokenFileOf(ledger.engine);
  } finally {
    await ledger.anchoring.anchor();
    await ledger.engine.close();
  }
}

/** A file of commands: the animal of the example is weighed. */
export function weighing(): string {
  const file = join(freshFolder('play'), 'commands.ndjson');
  const { example } = commandNamed('RecordBodyWeight')!;
  writeFileSync(file, JSON.stringify({ command: 'RecordBodyWeight', id: v4(), study: 'NP-001', ...example }));
  return file;
}

export function codeOf(answer: Receipt | Refusal): string {
  return answer instanceof Refusal ? answer.code : 'recorded';
}

/** What verify says is wrong with a folder; nothing where all fits together. */
export async function failures(path: string): Promise<string[]> {
  const store = await testAddress(path);
  const { findings } = await verifyLedger(path, { threads: 0, store, report: () => undefined });
  return findings
    .filter(({ severity }) => severity === 'fail')
    .map(({ log, message }) => `${log}: ${message}`);
}

/** Two studies, everything anchored, and one record of the second study that is not. */
export async function twoStudies(path: string): Promise<void> {
  const ledger = await opened(path);
  await ledger.study();
  const second = sender(ledger.engine, 'NP-002');
  for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await second(name);
  await ledger.anchoring.anchor();
  await second('RecordBodyWeight');
  await ledger.engine.close();
}
