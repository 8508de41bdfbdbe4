import { seenInWords } from '../../study/welfare/endpoints.js';
import { counted } from '../../shared/counted.js';
import { readFileSync } from 'node:fs';
import { openLedgerForReading } from '../../operations/open-ledger.js';
import { welfareAlerts } from '../../queries/welfare-alerts.js';
import { FORMATS, type Format } from '../../welfare/forms/code-map.js';
import { makeReturn, type MadeReturn } from '../../welfare/returns/make-return.js';
import { describeFindings, type Finding } from '../../welfare/returns/reported-use.js';
import { FolderSink } from '../../welfare/returns/sink.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import type { Place } from '../open-ledger.js';
import { Progress } from '../output/progress.js';
import { wrapped } from '../output/page.js';
import { table } from '../output/table.js';
import { printInstant } from '../../study/instant.js';

export interface ReturnOptions extends Place {
  readonly year: string;
  readonly format: string;
  readonly to?: string;
  readonly allowGaps?: boolean;
  readonly atFile?: string;
  readonly codes?: string;
  readonly killedUnused?: string;
  readonly json?: boolean;
}

/** Writes the return of a year into a new folder. @throws Failure if data are missing or inconsistent, and that is not allowed */
export async function returnOfYear(options: ReturnOptions, { print, draw }: Io): Promise<void> {
  const { allowGaps = false, json = false } = options;
  const year = yearOf(options.year);
  const format = formatOf(options.format);
  const codes = options.codes === undefined ? undefined : parsed(options.codes, '--codes');
  const at = options.atFile === undefined ? undefined : parsed(options.atFile, '--at-file');
  const killedUnused =
    options.killedUnused === undefined ? undefined : parsed(options.killedUnused, '--killed-unused');
  const { engine } = await openLedgerForReading(options.data, { store: options.store });
  const progress = new Progress(draw, 'reading studies', (await engine.lab()).studies.size);
  const folder = options.to ?? `return-${year}-${format}`;
  try {
    const sink = new FolderSink(folder);
    try {
      const made = await makeReturn(
        engine,
        { year, format, codes, at, killedUnused, progress: (done) => progress.at(done) },
        sink,
      );
      progress.end();
      if (made.gaps.length + made.inconsistent.length > 0 && !allowGaps)
        throw heldBack(made, year, print, json);
      sink.finish();
      report(made, { year, folder, json, simulated: engine.labNow.simulated }, print);
    } catch (error) {
      sink.discard();
      throw error;
    }
  } finally {
    progress.end();
    await engine.close();
  }
}

/** The most findings of a kind that are shown; --json and --allow-gaps give all. */
const MOST_SHOWN = 40;

function heldBack(made: MadeReturn, year: number, print: Io['print'], json: boolean): Failure {
  const { gaps, inconsistent, uses } = made;
  const code = gaps.length > 0 ? 'return-has-gaps' : 'return-inconsistent';
  if (json) print(JSON.stringify({ refused: code, uses, gaps, inconsistent }));
  else {
    printFindings(gaps, 'what is missing', print);
    printFindings(inconsistent, 'what is inconsistent', print);
  }
  return new Failure(
    `The return of ${year} is held back: ${describeFindings(made)} in ${counted(uses, 'use')}.`,
    'Record what is missing (AssessSeverity, AmendProtocol, --codes, --killed-unused) and correct what is wrong (CorrectRecord), or use --allow-gaps.',
    code,
  );
}

function printFindings(findings: readonly Finding[], head: string, print: Io['print']): void {
  if (findings.length === 0) return;
  print(
    table(findings.slice(0, MOST_SHOWN), [
      { head: 'study', cell: ({ study }) => study ?? '' },
      { head: 'animal', cell: ({ subject }) => subject ?? '' },
      { head, cell: ({ text }) => text, flexible: true },
      { head: 'records', cell: ({ records }) => records.map((record) => `#${record}`).join(' ') },
    ]),
  );
  if (findings.length > MOST_SHOWN) print(`… and ${findings.length - MOST_SHOWN} more`);
}

function report(
  made: MadeReturn,
  about: { year: number; folder: string; json: boolean; simulated: boolean },
  print: Io['print'],
): void {
  const { uses, gaps, inconsistent, codes, studies } = made;
  const { year, folder, json, simulated } = about;
  if (json)
    return print(JSON.stringify({ folder, year, uses, gaps, inconsistent, studies, codes: codes.id }));
  const found = describeFindings(made);
  const missing = found === '' ? '' : `; INCOMPLETE, it begins with ${found}`;
  print(
    ...(simulated ? ['SIMULATED DATA'] : []),
    `${counted(uses, 'use')} ended in ${year}, in ${counted(studies, 'study', 'studies')}: written to ${folder}${missing}`,
  );
  print(wrapped(`Codes: ${codes.id}. ${codes.standing}.`));
  print('Assessments are not signed: until people have accounts, the assessor is the actor of the record.');
}

/** Lists humane endpoints that await a decision. */
export async function alerts(
  { json = false, ...place }: Place & { json?: boolean },
  { print }: Io,
): Promise<void> {
  const { engine } = await openLedgerForReading(place.data, { store: place.store });
  try {
    const answer = await welfareAlerts(engine);
    if (json) return print(JSON.stringify(answer));
    const { damaged = [] } = answer;
    if (damaged.length > 0)
      print(
        wrapped(
          `NOT LOOKED AT, because their records are damaged or may not be read: ${damaged.join(', ')}. Run study-ledger verify.`,
        ),
      );
    if (answer.alerts.length === 0) return print('No humane endpoint awaits a decision.');
    print(
      table(answer.alerts, [
        { head: 'study', cell: ({ study }) => study },
        { head: 'animal', cell: ({ subject }) => subject },
        { head: 'endpoint', cell: ({ id }) => id },
        { head: 'record', cell: ({ record }) => `#${record}`, align: 'right' },
        { head: 'when', cell: ({ occurredAt }) => printInstant(occurredAt) },
        { head: 'seen', cell: seenInWords, flexible: true },
      ]),
    );
  } finally {
    await engine.close();
  }
}

function yearOf(text: string): number {
  if (/^[12][0-9]{3}$/.test(text)) return Number(text);
  throw Failure.usage(`--year ${text} is not a year.`, 'Give four digits, such as --year 2026.');
}

function formatOf(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format) return format;
  throw Failure.usage(`There is no format ${text}.`, `The formats are ${FORMATS.join(', ')}.`);
}

function parsed(file: string, option: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, `${option} takes a JSON file.`);
  }
}
