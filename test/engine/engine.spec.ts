import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/example-protocol.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { Engine } from '../../src/engine/engine.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { v4 } from 'uuid';

describe('engine', () => {
  it('records', async () => {
    const engine = new Engine(new MemoryStore(), () => Date.parse('2026-03-02T09:15:00Z'));
    const send = (name: string, body: object, id = v4()) => {
      const definition = commandNamed(name)!;
      const command = parseCommand(definition, body, {
        id,
        study: 'KET-01',
        actor: 'dev',
        role: 'development',
      });
      if (command instanceof Refusal) return command;
      return engine.execute(definition, command);
    };
    await engine.initialise('lab.example', false, v4());
    console.log(await send('RegisterStudy', { data: { title: 'x', director: 'sd' } }));
    console.log(await send('ApproveProtocol', { data: { protocol: exampleProtocol } }));
    console.log(await send('EnrolSubject', commandNamed('EnrolSubject')!.example));
    console.log(await send('RecordThreshold', commandNamed('RecordThreshold')!.example));
    console.log(
      await send('CorrectRecord', {
        reason: 'x',
        data: {
          target: { number: 3 },
          subject: 'R01',
          occurredAt: '2026-03-02T09:15:00Z',
          corrected: {
            ...(commandNamed('RecordThreshold')!.example['data'] as object),
            paw: 'contralateral',
          },
        },
      }),
    );
    const { open } = { open: await engine.study('KET-01') };
    console.log(
      JSON.stringify(open.state.records.at(3)?.record, null, 1),
      open.state.subjects.get('R01')?.facts.toArray(),
    );
  });
});
