import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import type { Lab } from '../../src/lab/lab.js';
import { SIMULATED_FACILITY } from '../../src/operations/open-ledger.js';
import { ownCommandId } from '../../src/recording/lab-records.js';
import { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { instantMs } from '../../src/study/instant.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import type { Study } from '../../src/study/study.js';
import type { LabLine } from '../../tools/simulation/people.js';
import type { Line } from '../../tools/simulation/script.js';
import { testStore } from '../support/test-store.js';

export interface Played {
  /** What was refused, or did not become the record of its place among the lines of its study. */
  readonly amiss: unknown[];
  readonly study: Study;
  /** Of the study, base64. */
  readonly root: string;
  readonly lab: Lab;
}

/** Plays lines as a client would send them. */
export async function played(lines: readonly (LabLine | Line)[]): Promise<Played> {
  const engine = new Engine(await testStore(), () => instantMs('2026-02-23T07:00:00Z') ?? 0);
  // Signatures name the ledger and its lab: they are those of the demo in a ledger that begins as the demo's does.
  await engine.initialise(SIMULATED_FACILITY, true, ownCommandId('initialise', SIMULATED_FACILITY));
  const amiss: unknown[] = [];
  const ofStudy = lines.filter(isOfStudy);
  for (const line of lines.filter((one) => !isOfStudy(one))) {
    const answer = await sendToLab(engine, line);
    if (answer instanceof Refusal) amiss.push({ line, refused: answer });
  }
  for (const [number, line] of ofStudy.entries()) {
    const answer = await send(engine, line);
    if (answer instanceof Refusal) amiss.push({ number, name: line.command, refused: answer });
    else if (answer.records.length !== 1 || answer.records[0]?.number !== number)
      amiss.push({ number, answer });
  }
  const open = await engine.study(ofStudy[0]?.study ?? '');
  return { amiss, study: open.state, root: open.root(open.size), lab: engine.labNow };
}

export function isOfStudy(line: LabLine | Line): line is Line {
  return 'study' in line;
}

async function send(engine: Engine, line: Line): Promise<Receipt | Refusal> {
  const { command: name, id, study, actor, role, at, ...body } = line;
  const definition = commandNamed(name);
  if (!definition) throw new Error(`there is no command ${name}`);
  const command = parseCommand(definition, body, { id, study, actor, role, clock: at });
  return command instanceof Refusal ? command : engine.execute(definition, command);
}

async function sendToLab(engine: Engine, line: LabLine): Promise<Receipt | Refusal> {
  const { command: name, id, actor, role, at, ...body } = line;
  const definition = LAB_CATALOGUE.find((one) => one.name === name);
  if (!definition) throw new Error(`the lab has no command ${name}`);
  const command = parseCommand(definition, body, { id, study: '', actor, role, clock: at });
  return command instanceof Refusal ? command : engine.executeInLab(definition, command);
}
