import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { treeSizeAt } from '../../queries/as-of.js';
import { openLedgerForReading } from '../../operations/open-ledger.js';
import { sendFiles } from '../../exports/send/send-set.js';
import { isFree } from '../../exports/is-free.js';
import {
  DATA_PACK_HTML,
  DATA_PACK_JSON,
  DATA_PACK_PDF,
  DATASET_JSON_ZIP,
  ELN,
  grouped,
  groupedRecordNumbers,
  OUTPUTS,
  REPORT_HTML,
  REPORT_PDF,
  tableCsv,
  TABLE_XLSX,
  viewOf,
  type Output,
  type OutputSource,
} from '../../exports/outputs.js';
import { SIMULATED_NOTICE, standOf } from '../../exports/snapshot.js';
import { GROUPED_VALUES, type GroupedValues } from '../../exports/tables/grouped.js';
import { csvOptions, SEPARATORS, type CsvOptions } from '../../exports/tables/csv.js';
import { studyAt } from '../../study/study.js';
import { Refusal } from '../../study/refusal.js';
import { Failure } from '../output/failure.js';
import { mustExist, type Place } from '../open-ledger.js';
import { table } from '../output/table.js';
import { writeDurably } from '../../shared/durable-file.js';
import { VERSION } from '../../shared/version.js';

export interface OutputOptions extends Place {
  readonly study: string;
  readonly to: string;
  readonly at?: string;
}

export interface TableOptions extends OutputOptions {
  readonly separator?: string;
  readonly decimal?: string;
}

export interface GroupedTableOptions extends TableOptions {
  readonly values?: string;
  readonly paw?: string;
  readonly bounds?: string;
}

/** The tidy table; the ending of the file says in which form. */
export async function writeTable(options: TableOptions): Promise<string> {
  const form = formOf(options, ',');
  return writeOne(options, { '.csv': tableCsv(form), '.xlsx': TABLE_XLSX });
}

/** The grouped table and, beside it, the record numbers of its cells. */
export async function writeGrouped(options: GroupedTableOptions): Promise<string> {
  const ending = extname(options.to);
  const form = formOf(options, ending === '.csv' ? ',' : 'tab');
  const chosen = {
    values: oneOf('values', options.values ?? 'grams', GROUPED_VALUES) satisfies GroupedValues,
    paw: oneOf('paw', options.paw ?? 'ipsilateral', ['ipsilateral', 'contralateral'] as const),
    bounds: oneOf('bounds', options.bounds ?? 'empty', ['empty', 'limit'] as const),
  };
  const records = options.to.replace(/(\.[^./]*)?$/, `-records${ending}`);
  mustBeFree(records, 'file');
  const made = await writeOne(options, {
    '.tsv': grouped('', chosen, form),
    '.csv': grouped('', chosen, form),
  });
  await writeOne({ ...options, to: records }, { [ending]: groupedRecordNumbers('', chosen, form) });
  return `${made}\nits record numbers in ${records}`;
}

export function writeReport(options: OutputOptions): Promise<string> {
  return writeOne(options, { '.html': REPORT_HTML, '.pdf': REPORT_PDF });
}

export function writeDataPack(options: OutputOptions): Promise<string> {
  return writeOne(options, { '.json': DATA_PACK_JSON, '.html': DATA_PACK_HTML, '.pdf': DATA_PACK_PDF });
}

export function writeEln(options: OutputOptions): Promise<string> {
  return writeOne(options, { '.eln': ELN });
}

/** The data sets, as a folder or as a zip. */
export async function writeDatasetJson(options: OutputOptions): Promise<string> {
  if (extname(options.to) === '.zip') return writeOne(options, { '.zip': DATASET_JSON_ZIP });
  return withSource(options, async (source) => {
    await intoFolder(options.to, (folder) => Promise.resolve(writeSendFiles(folder, source)));
    return done(source, options.to);
  });
}

/** Every table, data set and report of the study, in a folder of their own. */
export async function writeAll(options: OutputOptions): Promise<string> {
  return withSource(options, async (source) => {
    await intoFolder(options.to, (folder) => writeEverything(folder, source));
    const files = [...OUTPUTS, { ...DATASET_JSON_ZIP, name: 'dataset-json/' }, ELN];
    const list = table(files, [
      { head: 'file', cell: ({ name }) => name },
      { head: 'what', cell: ({ what }) => what, flexible: true },
    ]);
    return `${done(source, options.to)}\n\n${list}`;
  });
}

async function writeEverything(folder: string, source: OutputSource): Promise<void> {
  for (const output of [...OUTPUTS, ELN]) await writeParts(join(folder, output.name), output, source);
  const sets = join(folder, 'dataset-json');
  mkdirSync(sets);
  writeSendFiles(sets, source);
}

function writeSendFiles(folder: string, source: OutputSource): void {
  for (const [name, text] of sendFiles(viewOf(source), source.stand))
    writeDurably(join(folder, name), [text]);
}

async function writeOne(options: OutputOptions, byEnding: Readonly<Record<string, Output>>): Promise<string> {
  const output = byEnding[extname(options.to)];
  if (!output) {
    const endings = Object.keys(byEnding).join(' or ');
    throw Failure.usage(`${options.to} says no form.`, `Name a file that ends in ${endings}.`);
  }
  return withSource(options, async (source) => {
    mustBeFree(options.to, 'file');
    mkdirSync(dirname(options.to), { recursive: true });
    await writeParts(options.to, output, source);
    return done(source, options.to);
  });
}

async function writeParts(path: string, output: Output, source: OutputSource): Promise<void> {
  writeDurably(path, await output.parts(source));
}

async function intoFolder(to: string, work: (folder: string) => Promise<void>): Promise<void> {
  mustBeFree(to, 'folder');
  const partial = `${to}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    await work(partial);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  if (existsSync(to)) rmSync(to, { recursive: true });
  renameSync(partial, to);
}

/** Reads beside a running server; nothing is recorded, as with `show`. */
async function withSource<T>(
  { study: code, data, store, at }: OutputOptions,
  work: (source: OutputSource) => Promise<T>,
): Promise<T> {
  mustExist({ data, store });
  const { engine } = await openLedgerForReading(data, { store });
  try {
    const lab = await engine.lab();
    if (!lab.studies.has(code))
      throw new Failure(
        `There is no study ${code} in ${data}.`,
        'study-ledger studies lists those there are.',
        'study-unknown',
      );
    const open = await engine.study(code);
    const size = treeSizeAt(open.state, at);
    if (size instanceof Refusal) throw Failure.of(size);
    const study = studyAt(open.state, size);
    const { facility, simulated } = lab;
    const stand = standOf(study, { facility, simulated, root: open.root(size), version: VERSION });
    return await work({ study, stand });
  } finally {
    await engine.close();
  }
}

function done({ stand }: OutputSource, to: string): string {
  const { code, size, root, simulated } = stand;
  return `${simulated ? `${SIMULATED_NOTICE}\n` : ''}study ${code} at tree size ${size}, root ${root}\nwritten to ${to}`;
}

function mustBeFree(path: string, as: 'file' | 'folder'): void {
  if (isFree(path, as)) return;
  throw new Failure(
    `${basename(path)} is there already and is not written over.`,
    'Name another place.',
    'target-exists',
  );
}

function formOf({ separator, decimal = '.' }: TableOptions, usual: string): CsvOptions {
  const named = oneOf('separator', separator ?? usual, Object.keys(SEPARATORS));
  const form = csvOptions(named, oneOf('decimal', decimal, ['.', ','] as const));
  if (form) return form;
  throw Failure.usage(
    'A comma cannot part cells and mark decimals at once.',
    'Take --separator ";" with --decimal ",".',
  );
}

function oneOf<V extends string>(option: string, given: string, allowed: readonly V[]): V {
  const found = allowed.find((value) => value === given);
  if (found !== undefined) return found;
  throw Failure.usage(`--${option} ${given} is none of ${allowed.join(', ')}.`);
}
