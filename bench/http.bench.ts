import { Worker } from 'node:worker_threads';
import type { AddressInfo } from 'node:net';
import { Controller, Module, Post, type DynamicModule } from '@nestjs/common';
import { AppModule } from '../src/app.module.js';
import { openLedger } from '../src/operations/open-ledger.js';
import { AskedBy } from '../src/http/platform/caller.guard.js';
import { JsonBody } from '../src/http/platform/json-body.js';
import { createApplication } from '../src/http/platform/server.js';
import { commandNamed } from '../src/study/catalogue.js';
import { parseCommand } from '../src/study/parse.js';
import { ANIMALS, THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import type { Load } from './load-worker.js';
import { benchFolder, median, type Ratio } from './measure.js';

const ROUNDS = 5;

/** The same server, the same body: parsed, validated, thrown away. */
@Controller()
class DiscardController {
  @Post('discard')
  @AskedBy('anyone')
  discard(@JsonBody() body: unknown): object {
    const submission = {
      id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
      study: 'BENCH',
      actor: 'bench',
      role: 'bench',
    };
    const definition = commandNamed('RecordThreshold');
    return definition ? { name: parseCommand(definition, body, submission).constructor.name } : {};
  }
}

@Module({})
class BenchModule {
  static with(app: DynamicModule): DynamicModule {
    return { module: BenchModule, imports: [app], controllers: [DiscardController] };
  }
}

export async function benchHttp(): Promise<Ratio[]> {
  const folder = benchFolder();
  try {
    const engine = await openLedger(folder.path, {
      holder: 'bench',
      facility: 'lab.example',
      simulated: true,
    });
    const bench = await benchOn(engine);
    await prepareStudy(bench, 'BENCH');
    const app = await createApplication(BenchModule.with(AppModule.on(engine)), false, () => ({
      lab: engine.labNow,
      nowMs: Date.now(),
    }));
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
    const bodies = Array.from({ length: ANIMALS }, (_, index) =>
      JSON.stringify({ ...THRESHOLD_BODY, subject: animal(index) }),
    );
    const load = (path: string): Promise<number> =>
      loaded({ port, path, bodies, connections: 50, seconds: 1.5 });
    const [recorded, discarded]: [number[], number[]] = [[], []];
    await load('/api/v1/studies/BENCH/commands/record-threshold');
    await load('/discard');
    for (let round = 0; round < ROUNDS; round++) {
      discarded.push(await load('/discard'));
      recorded.push(await load('/api/v1/studies/BENCH/commands/record-threshold'));
    }
    await app.close();
    await bench.close();
    const [ours, bare] = [median(recorded), median(discarded)];
    return [
      {
        what: 'RecordThreshold over HTTP, 50 connections',
        against: 'the same body parsed, validated, thrown away',
        ours,
        bare,
        unit: '/s',
        ratio: ours / bare,
        bound: { atLeast: 0.5 },
      },
    ];
  } finally {
    folder.remove();
  }
}

export function loaded(load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./load-worker.js', import.meta.url), { workerData: load });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
