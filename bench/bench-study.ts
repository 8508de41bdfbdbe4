import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { AppModule } from '../src/app.module.js';
import type { Engine } from '../src/recording/engine.js';
import type { Receipt } from '../src/recording/open-stream.js';
import { commandNamed } from '../src/study/catalogue.js';
import type { StudyCommand, CommandDefinition } from '../src/study/commands/common/command.js';
import { exampleProtocol } from '../src/study/commands/common/example-protocol.js';
import { parseCommand } from '../src/study/parse.js';
import { Refusal } from '../src/study/refusal.js';

export const ANIMALS = 24;

/** The command that the whole bench is about, with the fields a bench technician fills in. */
export const THRESHOLD_BODY = {
  data: {
    paw: 'ipsilateral',
    ladder: 'RAT-N8',
    kit: 'TT-20-0417',
    touches: ['2O', '4X', '2O', '4X', '2O', '4X'].map((touch) => ({
      filament: touch[0],
      response: touch[1],
    })),
  },
};

export function animal(index: number): string {
  return `R${String((index % ANIMALS) + 1).padStart(2, '0')}`;
}

export interface Bench {
  readonly engine: Engine;
  readonly bus: CommandBus;
  send(name: string, study: string, body: object): Promise<Receipt>;
  ask(query: object): Promise<unknown>;
  close(): Promise<void>;
}

/** The command path that HTTP and CLI use: validation, CommandBus, engine. */
export async function benchOn(engine: Engine): Promise<Bench> {
  const app = await NestFactory.createApplicationContext(AppModule.on(engine), { logger: ['error'] });
  const bus = app.get(CommandBus);
  const queries = app.get(QueryBus);
  return {
    engine,
    bus,
    async send(name, study, body) {
      const definition = commandNamed(name) as CommandDefinition;
      const command = parseCommand(definition, body, {
        id: randomUUID(),
        study,
        actor: 'bench',
        role: 'technician',
      });
      if (command instanceof Refusal) throw new Error(command.message);
      const answer = await bus.execute<StudyCommand, Receipt | Refusal>(command);
      if (answer instanceof Refusal) throw new Error(answer.message);
      return answer;
    },
    ask: (query) => queries.execute(query as never),
    async close() {
      await app.close();
      await engine.store.close();
    },
  };
}

/** A study with a protocol and enrolled animals, ready to record thresholds; answers how many records that took. `past` may say when. */
export async function prepareStudy(bench: Bench, study: string, past: object = {}): Promise<number> {
  await bench.send('RegisterStudy', study, { ...past, data: { title: 'Bench', director: 'bench' } });
  await bench.send('ApproveProtocol', study, { ...past, data: { protocol: exampleProtocol } });
  const enrolment = commandNamed('EnrolSubject')?.example ?? {};
  for (let index = 0; index < ANIMALS; index++) {
    await bench.send('EnrolSubject', study, { ...enrolment, ...past, subject: animal(index) });
  }
  return ANIMALS + 2;
}
