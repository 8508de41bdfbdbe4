import { v7 } from 'uuid';
import { PAGES } from '../src/console/pages.js';
import type { BenchAsked, BenchPage, Page } from '../src/console/page.js';
import { BenchShow } from '../src/http/pages/bench-show.js';
import type { FormTaker } from '../src/http/pages/form-taker.js';
import { PageShow } from '../src/http/pages/page-show.js';
import type { CalledRequest } from '../src/http/platform/caller.guard.js';
import type { Reply } from '../src/http/platform/reply.js';
import type { RoutedRequest } from '../src/http/routes/routed-request.js';
import { momentOf } from '../src/queries/as-of.js';
import { answerFromView } from '../src/queries/ask.js';
import { takeInTurns } from '../src/queries/in-turns.js';
import { Engine } from '../src/recording/engine.js';
import { inZone, offsetMinutesNow, timeZone } from '../src/recording/time-zone.js';
import { MemoryStore } from '../src/store/memory.store.js';
import { commandNamed } from '../src/study/catalogue.js';
import { exampleProtocol } from '../src/study/commands/common/example-protocol.js';
import { View } from '../src/study/projections/projection.js';
import { THRESHOLD_BODY, benchOn, type Bench } from './bench-study.js';
import { cpuMs, median, type Ratio } from './measure.js';

const ANIMALS = 300;
const RECORDS = 100_000;
const BATCH = 500;
const READER = { person: undefined, session: undefined, by: undefined, mayRead: () => true };
const ROUNDS = 11;
const CODE = 'BENCH';
/** The record that is an inspection, and one among the runs, weights and scores. */
const [INSPECTION, RECORD] = [2, 50_000];
const MOST_BYTES = 150_000;
/** What a page may cost by itself: one whose query costs nearly nothing is held against this. */
const PAGE_MS = 5;

/** Pages at the bench that are opened many times a day, with what their addresses ask. */
const AT_BENCH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/studies/:code/bench': {},
  '/studies/:code/bench/animals/:animal': {},
  '/studies/:code/bench/threshold': { animal: animal(17), paw: 'ipsilateral' },
  '/studies/:code/bench/dose': { animal: animal(17) },
};

/**
 * Every page of a study of 100,000 records and 300 animals against the query that it shows, and its bytes. The ledger holds no
 * person, so the page of one is left out.
 */
export async function benchConsole(): Promise<Ratio[]> {
  const engine = new Engine(new MemoryStore(), () => Date.now());
  await engine.initialise('bench.example', true, '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01');
  const bench = await benchOn(engine);
  await fill(bench);
  const ratios: Ratio[] = [];
  for (const page of PAGES)
    if (page.of === 'bench' ? page.path in AT_BENCH : !page.path.includes(':person'))
      ratios.push(...(await measured(engine, page)));
  await bench.close();
  return ratios;
}

/** A page as a request gets it, and the query that it shows. */
interface Asked {
  readonly show: () => Promise<Reply>;
  readonly query: () => Promise<unknown>;
}

interface AskedFor {
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: { readonly accept: 'text/html' };
}

function requestFor({ path }: Page): AskedFor {
  const number = path.includes('/findings/') ? INSPECTION : RECORD;
  const params = { code: CODE, animal: animal(17), number: `${number}` };
  const query = new URLSearchParams(AT_BENCH[path]);
  const filled = path.replace(/:(\w+)/g, (_, name: keyof typeof params) => params[name]);
  return {
    url: query.size === 0 ? filled : `${filled}?${query}`,
    params: Object.fromEntries(Object.entries(params).filter(([name]) => path.includes(`:${name}`))),
    headers: { accept: 'text/html' },
  };
}

async function askedFor(engine: Engine, page: Exclude<Page, BenchPage>): Promise<Asked> {
  const request = requestFor(page);
  const { params } = request;
  const show = new PageShow(engine, page);
  const lab = await engine.lab();
  const address = { params, query: {} };
  return {
    show: () => show.reply(request as unknown as RoutedRequest, READER),
    query: async () =>
      page.of === 'ledger'
        ? page.answer(engine, address, READER)
        : answerFromView(
            engine,
            CODE,
            {},
            async (view) => ({
              answer: await takeInTurns(page.answer(view, address, lab, momentOf(engine, lab, view, {}))),
            }),
            params['animal'],
          ),
  };
}

async function askedAtBench(engine: Engine, page: BenchPage): Promise<Asked> {
  const request = requestFor(page);
  // Nothing is sent.
  const show = new BenchShow(engine, page, undefined as unknown as FormTaker);
  const lab = await engine.lab();
  const asked = async (): Promise<BenchAsked> => ({
    view: new View((await engine.study(CODE)).state),
    lab,
    reader: READER,
    params: request.params,
    query: AT_BENCH[page.path]!,
    nowMs: engine.clock(),
    offsetMinutes: offsetMinutesNow(),
    origin: 'http://localhost',
    inZone: inZone(timeZone()),
    newId: v7,
  });
  return {
    show: () => show.get(request as unknown as CalledRequest, READER),
    query: async () => takeInTurns(page.answer(await asked())),
  };
}

async function measured(engine: Engine, page: Page): Promise<Ratio[]> {
  const { show, query } = await (page.of === 'bench' ? askedAtBench(engine, page) : askedFor(engine, page));
  let bytes = 0;
  const [pages, queries]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    queries.push(await timed(query));
    pages.push(
      await timed(async () => {
        bytes = Buffer.byteLength((await show()).body as string);
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
  const start = cpuMs();
  await run();
  return cpuMs() - start;
}

function animal(index: number): string {
  return `R${String((index % ANIMALS) + 1).padStart(3, '0')}`;
}

/** Animals that are enrolled, ligated and stimulated, and then runs, weights and scores. */
async function fill(bench: Bench): Promise<void> {
  await bench.send('RegisterStudy', CODE, { data: { title: 'Bench', director: 'bench' } });
  await bench.send('ApproveProtocol', CODE, { data: { protocol: exampleProtocol } });
  await bench.send('RecordInspection', CODE, {
    data: { phase: 'Surgery', on: '2025-03-02', findings: 'None.' },
  });
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
