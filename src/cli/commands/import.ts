import { readFileSync } from 'node:fs';
import { ImportError, inWords } from '../../imports/import-error.js';
import type { RowResult } from '../../imports/decide-rows.js';
import { importRows } from '../../imports/import.js';
import { readMapping } from '../../imports/mapping/read-mapping.js';
import { readSpreadsheet } from '../../imports/reading/read-spreadsheet.js';
import { TIDY_MAPPING } from '../../imports/mapping/tidy-mapping.js';
import type { Reader } from '../../recording/access-notes.js';
import { decodeText } from '../../shared/decode-text.js';
import { Refusal } from '../../study/refusal.js';
import { PersonId, Reason, matches } from '../../study/schema.js';
import type { Engine } from '../../recording/engine.js';
import { directorOf } from '../../study/study.js';
import { actingBy, readTokenFile, type Acting } from '../acting.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { openForRecording, type RecordingLedger } from '../open-for-recording.js';
import { openForReading, type OpenLedger, type Place } from '../open-ledger.js';
import { Progress } from '../output/progress.js';
import { tellAlarm } from '../output/tell-alarm.js';
import { reportImport } from '../output/import-report.js';

export interface ImportOptions extends Place {
  readonly mapping: string;
  readonly study: string;
  readonly importer?: string;
  readonly tokenFile?: string;
  readonly dryRun?: boolean;
  readonly keepGoing?: boolean;
  readonly skipKnown?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Imports a spreadsheet, or shows what would be recorded. Exit code 1 if a row was refused, or after an alarm. */
export async function importFile(
  path: string,
  options: ImportOptions,
  { print, warn, draw }: Io,
): Promise<number> {
  const { importer, reason, tokenFile } = options;
  const { dryRun = false, keepGoing = false, skipKnown = false, json = false } = options;
  if (importer !== undefined && !matches(PersonId, importer))
    throw Failure.usage('--importer takes an identifier of letters, digits, dots, underscores and hyphens.');
  if (reason !== undefined && !matches(Reason, reason))
    throw Failure.usage('--reason takes one line of text with at least three letters or digits.');
  // The files are read before the ledger is opened, so that an error in them does not lock it.
  const token = tokenFile === undefined ? undefined : readTokenFile(tokenFile);
  const [mapping, file] = await asFailures(async () => {
    const checked = readMapping(mappingText(options.mapping));
    return [checked, await readSpreadsheet(path, checked)] as const;
  });
  const ledger: OpenLedger & Partial<RecordingLedger> = dryRun
    ? await openForReading(options)
    : await openForRecording(options, { holder: `study-ledger import ${file.name}` });
  try {
    const refusal = await ledger.engine.dryRun(options.study);
    if (refusal instanceof Refusal) throw Failure.of(refusal);
    const acting = await importingBy(ledger.engine, options, token);
    const bars = new Bars(draw);
    const request = {
      ...acting,
      file,
      mapping,
      study: options.study,
      reason,
      dryRun,
      keepGoing,
      skipKnown,
      tells: dryRun || json,
    };
    const result = await importRows({ ...request, progress: (...at) => bars.at(...at) }, ledger.engine);
    bars.end();
    if (result instanceof Refusal) throw Failure.of(result);
    noteRefusedRows(ledger.engine, request, result.rows);
    if (result.receipt) await ledger.anchoring?.anchor();
    reportImport(file, mapping, result, options, print);
    const alarmed = tellAlarm(ledger.engine, warn);
    return alarmed || result.rows.some(({ outcome }) => outcome === 'refused') ? 1 : 0;
  } finally {
    await ledger.close();
  }
}

/** One note a file; a dry run leaves none. */
function noteRefusedRows(
  { accessNotes }: Engine,
  request: Reader & { readonly study: string; readonly dryRun: boolean },
  rows: readonly RowResult[],
): void {
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  const code = refused[0]?.code;
  if (!request.dryRun && code !== undefined) accessNotes.noteRefusedRows(request, code, refused.length);
}

/** Who imports, and the importer that the records name. On a ledger with people they are the same person. */
async function importingBy(
  engine: Engine,
  { study, importer }: ImportOptions,
  token: string | undefined,
): Promise<Acting & { importer: string }> {
  const { people } = await engine.lab();
  const acting = await actingBy(engine, token, importer ?? directorOf((await engine.study(study)).state));
  if (people.begunAt === undefined) return { ...acting, importer: importer ?? acting.actor };
  if (importer !== undefined && importer !== acting.actor)
    throw Failure.usage(
      `--importer ${importer} is not the person of the token, ${acting.actor}.`,
      'Leave --importer out.',
    );
  return { ...acting, importer: acting.actor };
}

async function asFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    const where = inWords(error.place);
    throw new Failure(where === '' ? error.message : `${where}: ${error.message}`, '', error.code);
  }
}

/** `tidy` names the built-in mapping of the tidy table. */
function mappingText(name: string): string {
  if (name === 'tidy') return JSON.stringify(TIDY_MAPPING);
  try {
    return decodeText(readFileSync(name));
  } catch {
    throw new ImportError('mapping-unreadable', `The mapping ${name} cannot be read. Check its path.`);
  }
}

/** One progress bar for each phase: decide, then record. */
class Bars {
  constructor(private readonly draw: Io['draw']) {}

  private bar: Progress | undefined;
  private phase = '';

  at(phase: string, done: number, total: number): void {
    if (phase !== this.phase) {
      this.end();
      this.bar = new Progress(this.draw, phase, total);
      this.phase = phase;
    }
    this.bar?.at(done);
  }

  end(): void {
    this.bar?.end();
  }
}
