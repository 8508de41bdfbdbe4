import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/recording/engine.js';
import type { RowResult } from '../../src/imports/decide-rows.js';
import { importRows, type ImportResult } from '../../src/imports/import.js';
import { readMapping } from '../../src/imports/mapping/read-mapping.js';
import { readSpreadsheet } from '../../src/imports/reading/read-spreadsheet.js';
import type { StudyRecord } from '../../src/study/record.js';
import { Refusal } from '../../src/study/refusal.js';
import { freshFolder } from '../support/folders.js';
import { failures, opened, sender } from '../recording/test-ledger.js';

export const STUDY = 'NP-001';
/** Before anything that the sheets of these tests tell. */
const BEFORE = { occurredAt: '2025-01-01T09:00:00Z', reason: 'Set up from paper' };

/** Gives a study in a folder of its own to a test; the ledger must verify afterwards. */
export async function withStudy(work: (engine: Engine, folder: string) => Promise<void>): Promise<void> {
  const folder = freshFolder('import');
  const { engine } = await opened(folder);
  await prepared(engine);
  await work(engine, folder);
  await engine.close();
  expect(await failures(folder)).toEqual([]);
}

export interface Importing {
  readonly dryRun?: boolean;
  readonly keepGoing?: boolean;
  readonly skipKnown?: boolean;
  readonly reason?: string;
  readonly tells?: boolean;
  /** What others do while the rows are decided, each time that they are. */
  readonly meanwhile?: () => Promise<unknown>;
  readonly progress?: (phase: 'deciding' | 'recording', done: number) => void;
}

/** A study with its protocol (ladder RAT-N8) and two animals, R01 and R02, enrolled before the sheets begin. */
export async function prepared(engine: Engine): Promise<void> {
  const send = sender(engine, STUDY);
  await send('RegisterStudy', BEFORE);
  await send('ApproveProtocol', BEFORE);
  for (const subject of ['R01', 'R02']) await send('EnrolSubject', { ...BEFORE, subject });
}

/** Imports a file of that name as the command line does. */
export async function imported(
  engine: Engine,
  name: string,
  bytes: string | Uint8Array,
  mapping: object,
  { dryRun = false, keepGoing = false, meanwhile, ...rest }: Importing = {},
): Promise<ImportResult> {
  const path = join(mkdtempSync(join(tmpdir(), 'study-ledger-sheet-')), name);
  writeFileSync(path, bytes);
  const checked = readMapping(JSON.stringify(mapping));
  const file = await readSpreadsheet(path, checked);
  const who = { actor: 'dev', role: 'development', importer: 'stat-1' };
  const request = { ...who, file, mapping: checked, study: STUDY, dryRun, keepGoing, ...rest };
  const result = await importRows(request, {
    executeTogether: (...given) => engine.executeTogether(...given),
    async dryRun(study) {
      const decisions = await engine.dryRun(study);
      await meanwhile?.();
      return decisions;
    },
  });
  if (result instanceof Refusal) throw new Error(`${result.code}: ${result.message}`);
  return result;
}

export async function recordsOf(engine: Engine): Promise<StudyRecord[]> {
  return (await engine.study(STUDY)).state.records.toArray().map(({ record }) => record);
}

/** Row and what became of it, short enough to compare. */
export function brief({ rows }: ImportResult): string[] {
  return rows.map(({ row, outcome, code }: RowResult) => `${row ?? ''} ${code ?? outcome}`);
}

/** A mapping of runs noted as responses and last filament. */
export const RUNS = {
  mapping: 'study-ledger/1',
  zone: 'Europe/Amsterdam',
  reason: 'Copied from the sheet',
  tables: [
    {
      record: 'RecordThreshold',
      subject: 'animal',
      occurredAt: { date: 'date', time: 'time' },
      run: { responses: 'run', last: 'last' },
      data: { paw: { value: 'ipsilateral' } },
    },
  ],
};

export const RUNS_CSV = [
  'animal,date,time,run,last',
  'R01,2026-01-12,09:40,oxoxox,4',
  'R02,2026-01-12,09:55,OOXXOO,4',
  'R01,2026-01-13,10:05,xxxo,0.6',
  '',
].join('\n');
