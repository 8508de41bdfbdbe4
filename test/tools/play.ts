import { Engine } from '../../src/recording/engine.js';
import type { Line } from '../../tools/simulation/script.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { instantMs } from '../../src/study/instant.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import type { Study } from '../../src/study/study.js';
import { testStore } from '../support/test-store.js';

/** Plays lines as a client would send them, and gives what was refused or did not become the record of its line. */
export async function played(lines: readonly Line[]): Promise<{ amiss: unknown[]; study: Study }> {
  const engine = new Engine(await testStore(), () => instantMs('2026-02-23T07:00:00Z') ?? 0);
  await engine.initialise('lab.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  const amiss: unknown[] = [];
  for (const [number, { command: name, id, study, actor, role, at, ...body }] of lines.entries()) {
    const definition = commandNamed(name);
    if (!definition) throw new Error(`there is no command ${name}`);
    const command = parseCommand(definition, body, { id, study, actor, role, clock: at });
    const answer = command instanceof Refusal ? command : await engine.execute(definition, command);
    if (answer instanceof Refusal) amiss.push({ number, name, refused: answer });
    else if (answer.records.length !== 1 || answer.records[0]?.number !== number)
      amiss.push({ number, answer });
  }
  return { amiss, study: (await engine.study(lines[0]?.study ?? '')).state };
}
