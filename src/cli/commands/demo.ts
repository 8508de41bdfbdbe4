import { counted } from '../../shared/counted.js';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../recording/engine.js';
import { ShowProjection, ShowStudy } from '../../queries/queries.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import type { ResponderStatus } from '../../study/projections/responder-status.projection.js';
import type { Flow } from '../../study/projections/study-flow.projection.js';
import { Refusal } from '../../study/refusal.js';
import { FORMATS } from '../../welfare/forms/code-map.js';
import { makeReturn } from '../../welfare/returns/make-return.js';
import { FolderSink } from '../../welfare/returns/sink.js';
import { serveLedger, type ServedLedger } from '../../http/platform/serve-ledger.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { writeAll } from './outputs.js';
import { openForRecording } from '../open-for-recording.js';
import type { OpenLedger, Place } from '../open-ledger.js';
import { playLines, readLines } from '../play-commands.js';
import { heading, wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';
import { namedPeople, peopleTable } from './people.js';
import { verify } from './verify.js';
import { auditTrail, doseTitration, responderStatus, studyFlow } from '../output/views.js';

export const DEMO_STUDY = 'KET-01';

const REFERENCE_STUDY = fileURLToPath(new URL('../../../examples/reference-study.ndjson', import.meta.url));

const NOTICE =
  'This study is SIMULATED: response curves and a seeded generator, matched to the published counts of ' +
  'Truin et al., European Journal of Pain 2011 (15 hypersensitive, 8 non-responders, 8 converted). ' +
  'It contains no data of the paper.';

const NO_HUMAN =
  'They are SIMULATED as well: no human stands behind them, and their passkeys follow from the published seed of all ' +
  'simulated ledgers. Each passkey was confirmed by another person than handed out its link, but for the first two: before ' +
  'them there was nobody.';

/** An animal whose verdict a correction turned: the page worth opening first. */
const ANIMAL = 'R15';
const PORT = 3000;

export interface DemoOptions extends Place {
  readonly serve: boolean;
}

/** Records the reference study, shows the results, and on a terminal serves them until it is told to stop. */
export async function demo({ serve, ...place }: DemoOptions, io: Io): Promise<void> {
  await record(place, io);
  if (serve && io.isTerminal === true) await show(place, io);
}

async function show({ data, store }: Place, { print, warn, stopped }: Io): Promise<void> {
  const open = (port: number): Promise<ServedLedger> =>
    serveLedger(data, { port, holder: 'study-ledger demo', report: warn, store });
  const served = await open(PORT).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return open(0);
    throw error;
  });
  print(
    '',
    'See it in a browser, and end with Ctrl-C:',
    `  ${served.url}/studies/${DEMO_STUDY}/animals/${ANIMAL}`,
  );
  await stopped();
  await served.close();
}

async function record(place: Place, io: Io): Promise<void> {
  const { print } = io;
  const folder = place.data;
  print(wrapped(NOTICE));
  const ledger = await openForRecording(place, {
    holder: 'study-ledger demo',
    simulated: true,
    create: true,
  });
  try {
    let count = 0;
    for await (const result of playLines(
      ledger.engine,
      readLines(REFERENCE_STUDY),
      {
        simulated: true,
        keepGoing: false,
        folder: dirname(REFERENCE_STUDY),
        acting: DEVELOPMENT_IDENTITY,
      },
      io.draw,
    )) {
      if (!result.ok)
        throw new Failure(
          `Line ${result.line} was refused: ${result.message}`,
          'Name an empty folder with --data.',
          result.code,
        );
      count++;
    }
    await ledger.anchoring.anchor();
    const head = await ask<{ title: string; treeSize: number; root: string }>(
      ledger,
      new ShowStudy(DEMO_STUDY),
    );
    print('', `${counted(count, 'command')} recorded in ${folder}: ${head.title}`);
    print(`tree size ${head.treeSize}, root ${head.root}`);
    print(...(await people(ledger)));
    await tour(ledger, head.treeSize, print);
    print(...heading('Verified from the stored bytes', 'study-ledger verify'));
    if ((await verify(undefined, place, io)) !== 0)
      throw new Failure('The ledger does not verify.', '', 'not-verified');
    print(...(await files(ledger, place, head.treeSize)));
    print(...nextSteps(io.program, folder, head.treeSize));
  } finally {
    await ledger.close();
  }
}

async function people({ engine }: OpenLedger): Promise<Block[]> {
  const lab = await engine.lab();
  const all = namedPeople(engine, lab, lab.recordedMs);
  return [...heading('People', 'study-ledger people list'), ...peopleTable(all), '', wrapped(NO_HUMAN)];
}

/** Writes the files for other programs beside the ledger, once for each tree size. */
async function files({ engine }: OpenLedger, place: Place, size: number): Promise<Block[]> {
  const to = `${place.data}-files/${DEMO_STUDY}-${size}`;
  const title = heading('For other programs', 'study-ledger files');
  if (existsSync(to)) return [...title, `${to} already holds the files of this state.`];
  const written = await writeAll({ ...place, study: DEMO_STUDY, to, at: String(size) });
  return [...title, ...written, await yearlyReturns(engine, to)];
}

/** The year in which the uses of the reference study end. */
const DEMO_YEAR = 2026;

async function yearlyReturns(engine: Engine, to: string): Promise<Block> {
  const made: { folder: string; what: string }[] = [];
  for (const format of FORMATS) {
    const folder = `return-${DEMO_YEAR}-${format}`;
    const sink = new FolderSink(join(to, folder));
    const { uses, gaps } = await makeReturn(engine, { year: DEMO_YEAR, format }, sink);
    sink.finish();
    const open = gaps.length === 0 ? '' : `; ${counted(gaps.length, 'gap')}`;
    made.push({ folder: `${folder}/`, what: `yearly return: ${counted(uses, 'use')}, unsigned${open}` });
  }
  return table(made, [
    { head: 'folder', cell: ({ folder }) => folder },
    { head: 'what', cell: ({ what }) => what, flexible: true },
  ]);
}

async function tour(ledger: OpenLedger, size: number, print: Io['print']): Promise<void> {
  const flow = await ask<Flow>(ledger, new ShowProjection(DEMO_STUDY, 'study-flow'));
  print(...heading('Study flow'), ...studyFlow(flow));

  const status = await ask<{ subjects: ResponderStatus[] }>(
    ledger,
    new ShowProjection(DEMO_STUDY, 'responder-status'),
  );
  print(...heading('Who responds', 'an increase of the threshold is relief'), ...responderStatus(status));

  const converted = status.subjects.find((subject) => subject.converted)?.subject ?? '';
  const doses = await ask<{ subjects: { subject: string; doses: GivenDose[]; designations: never[] }[] }>(
    ledger,
    new ShowProjection(DEMO_STUDY, 'dose-titration', {}, converted),
  );
  print(...heading('Dose titration of one converted animal'), ...doseTitration(doses).slice(1));

  const { records } = await ask<{ records: TrailRecord[] }>(
    ledger,
    new ShowProjection(DEMO_STUDY, 'audit-trail'),
  );
  print(
    ...heading('Audit trail', 'corrections, voids, late entries and deviations'),
    ...auditTrail(records.filter(isRemarkable)),
  );
  print(...heading('Audit trail', 'last lines'), ...auditTrail(records.slice(-8)));

  const earlier = turningPoint(records, size);
  const then = await ask<Flow>(ledger, new ShowProjection(DEMO_STUDY, 'study-flow', { at: String(earlier) }));
  print(
    ...heading('As known earlier and now', `tree sizes ${earlier} and ${size}`),
    compareFlows(then, flow, earlier, size),
  );
}

function isRemarkable({ flags, supersedes }: TrailRecord): boolean {
  return supersedes !== null || flags.includes('late') || flags.includes('deviation');
}

/** The tree size before the first dose of ketamine: responders to stimulation alone are known, conversions are not. */
function turningPoint(records: readonly TrailRecord[], size: number): number {
  return records.find(({ type }) => type === 'KetamineAdministered')?.record ?? size;
}

function compareFlows(then: Flow, now: Flow, earlier: number, size: number): Block {
  return table(now.stages, [
    { head: 'stage', cell: ({ stage }) => stage },
    {
      head: `at ${earlier}`,
      cell: ({ stage }) => String(then.stages.find((other) => other.stage === stage)?.count ?? 0),
      align: 'right',
    },
    { head: `at ${size}`, cell: ({ count }) => String(count), align: 'right' },
  ]);
}

function nextSteps(program: string, folder: string, size: number): Block[] {
  const on = `--study ${DEMO_STUDY} --data ${folder}`;
  return [
    '',
    'Try next',
    `  ${program} show threshold-series ${on} --subject R01`,
    `  ${program} show responder-status ${on} --at ${Math.floor(size / 2)}`,
    `  ${program} show audit-trail ${on} --json`,
    `  ${program} records ${on} --from ${size - 1}`,
    `  ${program} people list --data ${folder}`,
    `  ${program} signatures ${DEMO_STUDY} --data ${folder}`,
    `  ${program} show quality-assurance ${on}`,
    `  ${program} table ${on} --to ${DEMO_STUDY}.csv --separator ';' --decimal ,`,
    `  ${program} report ${on} --to report-at-${Math.floor(size / 2)}.html --at ${Math.floor(size / 2)}`,
    `  ${program} welfare return --year ${DEMO_YEAR} --format eu --data ${folder}`,
    `  ${program} export --study ${DEMO_STUDY} --data ${folder} --to ${DEMO_STUDY}.zip`,
    `  ${program} verify ${DEMO_STUDY}.zip`,
    `  ${program} serve --data ${folder}      then open http://127.0.0.1:3000`,
    `  ${program} threshold --ladder RAT-N8 --run OXXOXO --last 1`,
  ];
}

async function ask<A>(ledger: OpenLedger, query: object): Promise<A> {
  const answer = await ledger.ask(query);
  if (answer instanceof Refusal) throw Failure.of(answer);
  return answer as A;
}
