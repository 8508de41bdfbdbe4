import { PAGES } from '../src/console/pages.js';
import type { BenchPage, Page } from '../src/console/page.js';
import { PageShow } from '../src/http/pages/page-show.js';
import type { RoutedRequest } from '../src/http/routes/routed-request.js';
import { momentOf } from '../src/queries/as-of.js';
import { answerFromView } from '../src/queries/ask.js';
import { takeInTurns } from '../src/queries/in-turns.js';
import { Engine } from '../src/recording/engine.js';
import { MemoryStore } from '../src/store/memory.store.js';
import { commandNamed } from '../src/study/catalogue.js';
import { exampleProtocol } from '../src/study/commands/common/example-protocol.js';
import { THRESHOLD_BODY, benchOn, type Bench } from './bench-study.js';
import { median, type Ratio } from './measure.js';

const ANIMALS = 300;
const RECORDS = 100_000;
const BATCH = 500;
const READER = { person: undefined, session: undefined, by: undefined, mayRead: () => true };
const ROUNDS = 7;
const CODE = 'BENCH';
const MOST_BYTES = 150_000;
/** What a page may cost by itself: one whose query costs nearly nothing is held against this. */
const PAGE_MS = 5;

/** Every page of a study of 100,000 records and 300 animals against the query that it shows, and its bytes. */
export async function benchConsole(): Promise<Ratio[]> {
  const engine = new Engine(new MemoryStore(), () => Date.now());
  await engine.initialise('bench.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  const bench = await benchOn(engine);
  await fill(bench);
  const ratios: Ratio[] = [];
  for (const page of PAGES) if (page.of !== 'bench') ratios.push(...(await measured(engine, page)));
  await bench.close();
  return ratios;
}

async function measured(engine: Engine, page: Exclude<Page, BenchPage>): Promise<Ratio[]> {
  const params = { code: CODE, animal: animal(17), number: '50000' };
  const url = page.path.replace(/:(\w+)/g, (_, name: keyof typeof params) => params[name]);
  const own = Object.fromEntries(
    Object.entries(params).filter(([name]) => page.path.includes(`:${name}`)),
  ) as Record<string, string>;
  const request = { url, params: own, headers: { accept: 'text/html' } } as unknown as RoutedRequest;
  const show = new PageShow(engine, page);
  const lab = await engine.lab();
  const address = { params: own, query: {} };
  const query = async (): Promise<unknown> =>
    page.of === 'ledger'
      ? page.answer(engine, address, READER)
      : answerFromView(
          engine,
          CODE,
          {},
          async (view) => ({
            answer: await takeInTurns(page.answer(view, address, lab, momentOf(engine, lab, view, {}))),
          }),
          own['animal'],
        );
  let bytes = 0;
  const [pages, queries]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    queries.push(await timed(query));
    pages.push(
      await timed(async () => {
        bytes = Buffer.byteLength((await show.reply(request, READER)).body as string);
      }),
    );
  }
  const [ours, bare] = [median(pages), Math.max(PAGE_MS, median(queries))];
  return [
    {
      what: `page ${page.path}`,
      against: bare === PAGE_MS ? `${PAGE_MS} ms` : 'the query it shows',
      ours,
      bare,
      unit: 'ms',
      ratio: ours / bare,
      bound: { atMost: 1.5 },
    },
    {
      what: `page ${page.path}, bytes`,
      against: '150,000',
      ours: bytes,
      bare: MOST_BYTES,
      unit: 'bytes',
      ratio: bytes / MOST_BYTES,
      bound: { atMost: 1 },
    },
  ];
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function animal(index: number): string {
  return `R${String((index % ANIMALS) + 1).padStart(3, '0')}`;
}

/** Animals that are enrolled, ligated and stimulated, and then runs, weights and scores. */
async function fill(bench: Bench): Promise<void> {
  await bench.send('RegisterStudy', CODE, { data: { title: 'Bench', director: 'bench' } });
  await bench.send('ApproveProtocol', CODE, { data: { protocol: exampleProtocol } });
  const all = (name: string, body: object): Promise<unknown> =>
    Promise.all(
      Array.from({ length: ANIMALS }, (_, index) =>
        bench.send(name, CODE, { ...body, subject: animal(index) }),
      ),
    );
  await all('EnrolSubject', exampleOf('EnrolSubject'));
  for (let run = 0; run < 2; run++) await all('RecordThreshold', THRESHOLD_BODY);
  await all('LigateNerve', exampleOf('LigateNerve'));
  const kinds = [
    ['RecordThreshold', THRESHOLD_BODY],
    ['RecordBodyWeight', exampleOf('RecordBodyWeight')],
    ['ScoreWelfare', exampleOf('ScoreWelfare')],
    ['RecordThreshold', THRESHOLD_BODY],
  ] as const;
  for (let done = (await bench.engine.study(CODE)).size; done < RECORDS; done += BATCH)
    await Promise.all(
      Array.from({ length: Math.min(BATCH, RECORDS - done) }, (_, index) => {
        const [name, body] = kinds[Math.floor((done + index) / ANIMALS) % kinds.length]!;
        return bench.send(name, CODE, { ...body, subject: animal(done + index) });
      }),
    );
}

function exampleOf(name: string): object {
  return commandNamed(name)?.example ?? {};
}
