import { v5 } from 'uuid';
import { ATTESTATION, ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { ask } from '../../src/queries/ask.js';
import { ShowSignatures } from '../../src/queries/queries.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { instantMs } from '../../src/study/instant.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { sha256Hex } from '../../src/shared/sha256.js';
import { peopleLines } from '../../tools/simulation/people.js';
import { testStore } from '../support/test-store.js';

const STUDY = 'KET-01';
let count = 0;
const id = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;

/** A simulated ledger with the people of the demo, played as a file of commands is. */
async function simulated() {
  const engine = new Engine(await testStore(), () => instantMs('2026-02-23T07:00:00Z') ?? 0);
  await engine.initialise('lab.example', true, v5('simulated', v5.URL));
  const inLab = async (line: {
    command: string;
    id: string;
    actor: string;
    role: string;
    at: string;
    data: object;
  }) => {
    const { command: name, data, at, ...submission } = line;
    const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
    const command = parseCommand(definition, { data }, { ...submission, study: '', clock: at });
    if (command instanceof Refusal) throw new Error(command.message);
    const answer = await engine.executeInLab(definition, command);
    if (answer instanceof Refusal) throw new Error(answer.message);
  };
  for (const line of peopleLines(1)) await inLab(line);
  return {
    engine,
    attest: (actor: string) =>
      inLab({
        command: 'GiveAttestation',
        id: id(),
        actor,
        role: '',
        at: NOON,
        data: { text: ATTESTATION_SHA256 },
      }),
    send: async (actor: string, name: string, body: object, commandId = id()): Promise<Receipt | Refusal> => {
      const definition = commandNamed(name)!;
      const submission = { id: commandId, study: STUDY, actor, role: '', clock: NOON };
      const command = parseCommand(definition, JSON.parse(JSON.stringify(body)), submission);
      return command instanceof Refusal ? command : engine.execute(definition, command);
    },
  };
}

const NOON = '2026-03-02T12:00:00+01:00';
const APPROVED = { data: { meaning: 'approved', records: [1] } };
const codeOf = (answer: Receipt | Refusal): string => (answer instanceof Refusal ? answer.code : 'recorded');

/** With a study whose protocol its director signs: #2. */
async function signed() {
  count = 0;
  const ledger = await simulated();
  const { send, attest } = ledger;
  const registration = commandNamed('RegisterStudy')!.example as { data: object };
  await send('sd-01', 'RegisterStudy', { data: { ...registration.data, director: 'sd-01' } });
  await send('sd-01', 'ApproveProtocol', commandNamed('ApproveProtocol')!.example);
  await attest('sd-01');
  const receipt = await send('sd-01', 'SignRecords', APPROVED);
  return { ...ledger, receipt };
}

it('states a text by its digest', () => {
  expect(ATTESTATION_SHA256).toBe(sha256Hex(ATTESTATION));
});

describe('a simulated person', () => {
  it('signs with the simulated passkey, and the signature checks like any other', async () => {
    const { engine, receipt } = await signed();
    expect(codeOf(receipt)).toBe('recorded');
    const { signatures } = (await ask(engine, new ShowSignatures(STUDY))) as { signatures: object[] };
    expect(signatures).toEqual([
      expect.objectContaining({
        record: 2,
        status: 'valid',
        printedName: 'Simulated study director',
        role: 'director',
        time: '2026-03-02T12:00:00.000+01:00',
      }),
    ]);
  });

  it('makes the same bytes wherever the ledger is played', async () => {
    const [one, other] = [await signed(), await signed()];
    expect(one.receipt).toEqual(other.receipt);
    expect((one.receipt as Receipt).root).toBe((await other.engine.study(STUDY)).root(3));
  });

  it('is answered with the first receipt where the same command comes again', async () => {
    const { send, receipt, engine } = await signed();
    const last = (await engine.study(STUDY)).state.records.last!.record;
    expect(await send('sd-01', 'SignRecords', APPROVED, last.commandid)).toEqual(receipt);
    const other = { data: { meaning: 'authored', records: [0] } };
    expect(codeOf(await send('sd-01', 'SignRecords', other, last.commandid))).toBe('command-id-reused');
  });

  it('signs nothing before stating that it binds, without a role for it, or what is not there', async () => {
    const { send, attest } = await signed();
    expect(codeOf(await send('mgr-1', 'SignRecords', APPROVED))).toBe('not-permitted');
    const review = { data: { meaning: 'reviewed', range: { from: 0, to: 2 } } };
    expect(codeOf(await send('mgr-1', 'SignRecords', review))).toBe('attestation-missing');
    await attest('mgr-1');
    expect(codeOf(await send('mgr-1', 'SignRecords', review))).toBe('recorded');
    const beyond = { data: { meaning: 'reviewed', range: { from: 0, to: 9_007_199_254_740_991 } } };
    expect(codeOf(await send('mgr-1', 'SignRecords', beyond))).toBe('record-unknown');
    expect(codeOf(await send('nobody-1', 'SignRecords', APPROVED))).toBe('sign-in-required');
  });
});
