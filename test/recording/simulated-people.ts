import { v5 } from 'uuid';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import type { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { peopleLines, type LabLine } from '../../tools/simulation/people.js';

export const STUDY = 'KET-01';
const NOON = '2026-03-02T12:00:00+01:00';

export interface SimulatedPeople {
  readonly attest: (actor: string) => Promise<void>;
  /** At noon of 2026-03-02 where no other time is said. */
  readonly send: (
    actor: string,
    name: string,
    body: object,
    commandId?: string,
  ) => Promise<Receipt | Refusal>;
}

/** The people of the demo, played into a new simulated ledger as a file of commands is. The ids of commands are counted. */
export async function simulatedPeople(engine: Engine): Promise<SimulatedPeople> {
  let count = 0;
  const id = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
  await engine.initialise('lab.example', true, v5('simulated', v5.URL));
  const inLab = async ({ command: name, data, at, ...submission }: LabLine): Promise<void> => {
    const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
    const command = parseCommand(definition, { data }, { ...submission, study: '', clock: at });
    if (command instanceof Refusal) throw new Error(command.message);
    const answer = await engine.executeInLab(definition, command);
    if (answer instanceof Refusal) throw new Error(answer.message);
  };
  for (const line of peopleLines(1)) await inLab(line);
  return {
    attest: (actor) =>
      inLab({
        command: 'GiveAttestation',
        id: id(),
        actor,
        role: '',
        at: NOON,
        data: { text: ATTESTATION_SHA256 },
      }),
    async send(actor, name, body, commandId = id()) {
      const definition = commandNamed(name)!;
      const submission = { id: commandId, study: STUDY, actor, role: '', clock: NOON };
      const command = parseCommand(definition, JSON.parse(JSON.stringify(body)), submission);
      return command instanceof Refusal ? command : engine.execute(definition, command);
    },
  };
}

/** With a study that its director opened and whose protocol they approved and can sign: #0, #1. */
export async function signableStudy(engine: Engine): Promise<SimulatedPeople> {
  const people = await simulatedPeople(engine);
  const registration = commandNamed('RegisterStudy')!.example as { data: object };
  await people.send('sd-01', 'RegisterStudy', { data: { ...registration.data, director: 'sd-01' } });
  await people.send('sd-01', 'ApproveProtocol', commandNamed('ApproveProtocol')!.example);
  await people.attest('sd-01');
  return people;
}
