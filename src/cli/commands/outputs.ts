import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { treeSizeAt } from '../../queries/as-of.js';
import { openLedgerForReading } from '../../operations/open-ledger.js';
import { brokenSignatures } from '../../exports/broken-signatures.js';
import { fileNamed, filesIn, unpack, type FileOptions } from '../../exports/files.js';
import { isFree } from '../../exports/target-path.js';
import { studyPeople } from '../../lab/people/study-people.js';
import { finish } from '../../study/steps.js';
import { SIMULATED_NOTICE, snapshotOf, type FileSource } from '../../exports/snapshot.js';
import { GROUPED_VALUES } from '../../exports/tables/grouped-options.js';
import { SEPARATORS, type SeparatorName } from '../../exports/tables/csv.js';
import { studyAt } from '../../study/study.js';
import { Refusal } from '../../study/refusal.js';
import { Failure } from '../output/failure.js';
import type { Place } from '../open-ledger.js';
import type { Block } from '../output/page.js';
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
  readonly assay?: string;
  readonly bounds?: string;
  readonly excluded?: string;
}

/** The tidy table; the ending of the file name chooses the format. */
export async function writeTable(options: TableOptions): Promise<Block[]> {
  return writeOne(options, { '.csv': 'table.csv', '.xlsx': 'table.xlsx' }, formatOf(options, ','));
}

/** The grouped table and, beside it, its place and the record numbers of its cells. */
export async function writeGrouped(options: GroupedTableOptions): Promise<Block[]> {
  const ending = extname(options.to);
  const values = oneOf('values', options.values ?? 'grams', GROUPED_VALUES);
  const chosen: FileOptions = {
    ...formatOf(options, ending === '.csv' ? ',' : 'tab'),
    paw: oneOf('paw', options.paw ?? 'ipsilateral', ['ipsilateral', 'contralateral']),
    ...(options.assay !== undefined && { assay: options.assay }),
    bounds: oneOf('bounds', options.bounds ?? 'empty', ['empty', 'limit']),
    excluded: oneOf('excluded', options.excluded ?? 'out', ['out', 'in']),
  };
  const records = options.to.replace(/(\.[^./]*)?$/, `-records${ending}`);
  mustBeFree(records, 'file');
  const name = `grouped-${values}.tsv`;
  const written = await writeOne(options, { '.tsv': name, '.csv': name }, chosen);
  await writeOne({ ...options, to: records }, { [ending]: 'grouped-records.tsv' }, chosen);
  return [...written, `its place, its record numbers and who is excluded in ${records}`];
}

export function writeReport(options: OutputOptions): Promise<Block[]> {
  return writeOne(options, { '.html': 'report.html', '.pdf': 'report.pdf' });
}

export function writeDataPack(options: OutputOptions): Promise<Block[]> {
  const names = { '.json': 'data-pack.json', '.html': 'data-pack.html', '.pdf': 'data-pack.pdf' };
  return writeOne(options, names);
}

export function writeEln(options: OutputOptions): Promise<Block[]> {
  return writeOne(options, { '.eln': 'study.eln' });
}

export function writeDatasetJson(options: OutputOptions): Promise<Block[]> {
  return writeSeveral(options, 'dataset-json.zip');
}

export function writeFigures(options: OutputOptions): Promise<Block[]> {
  return writeSeveral(options, 'figures.zip');
}

/** The files of a zip, as a folder or as the zip. */
function writeSeveral(options: OutputOptions, name: string): Promise<Block[]> {
  if (extname(options.to) === '.zip') return writeOne(options, { '.zip': name });
  return withSource(options, async (source) => {
    await intoFolder(options.to, async (folder) => {
      for await (const [member, content] of fileNamed(name)!.unpacked!.members(source))
        writeDurably(join(folder, member), content);
    });
    return describeWritten(source, options.to);
  });
}

/** Every table, data set and report of the study, in a folder of their own. */
export async function writeAll(options: OutputOptions): Promise<Block[]> {
  return withSource(options, async (source) => {
    const files = filesIn('folder');
    await intoFolder(options.to, async (folder) => {
      for (const file of files)
        for await (const { path, parts } of unpack(file, { ...source, savedAs: file.name }, 'folder')) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeDurably(join(folder, path), parts);
        }
    });
    const list = table(files, [
      { head: 'file', cell: ({ name, unpacked }) => (unpacked ? `${unpacked.folder}/` : name) },
      { head: 'what', cell: ({ summary }) => summary, flexible: true },
    ]);
    return [...describeWritten(source, options.to), '', list];
  });
}

/** @param byEnding names of files, by the ending of the path to write to */
async function writeOne(
  options: OutputOptions,
  byEnding: Readonly<Record<string, string>>,
  format: FileOptions = {},
): Promise<Block[]> {
  const file = fileNamed(byEnding[extname(options.to)] ?? '');
  if (!file) {
    const endings = Object.keys(byEnding).join(' or ');
    throw Failure.usage(
      `The name ${options.to} does not tell a format.`,
      `Name a file that ends in ${endings}.`,
    );
  }
  return withSource(options, async (source) => {
    mustBeFree(options.to, 'file');
    mkdirSync(dirname(options.to), { recursive: true });
    writeDurably(options.to, await file.render({ ...source, savedAs: basename(options.to) }, format));
    return describeWritten(source, options.to);
  });
}

async function intoFolder(to: string, work: (folder: string) => Promise<void> | void): Promise<void> {
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

/** Opens the study for reading, which works while a server runs. Nothing is recorded. */
async function withSource<T>(
  { study: code, data, store, at }: OutputOptions,
  work: (source: FileSource) => Promise<T>,
): Promise<T> {
  const { engine } = await openLedgerForReading(data, { store });
  try {
    const lab = await engine.lab();
    if (!lab.studies.has(code))
      throw new Failure(
        `There is no study ${code} in ${data}.`,
        'study-ledger studies lists the studies.',
        'study-unknown',
      );
    const open = await engine.study(code);
    const size = treeSizeAt(open.state, at);
    if (size instanceof Refusal) throw Failure.of(size);
    const study = studyAt(open.state, size);
    const { facility, simulated } = lab;
    const people = finish(studyPeople(study, lab.people));
    const broken = await brokenSignatures(engine, study);
    const given = { facility, simulated, root: open.root(size), version: VERSION, broken };
    const snapshot = snapshotOf(study, given);
    return await work({ study, snapshot, people, names: new Map() });
  } finally {
    await engine.close();
  }
}

function describeWritten({ snapshot }: FileSource, to: string): Block[] {
  const { code, size, root, simulated } = snapshot;
  return [
    ...(simulated ? [SIMULATED_NOTICE] : []),
    `study ${code} at tree size ${size}, root ${root}`,
    `written to ${to}`,
  ];
}

function mustBeFree(path: string, as: 'file' | 'folder'): void {
  if (isFree(path, as)) return;
  throw new Failure(
    `${basename(path)} exists already and is not overwritten.`,
    'Name another place.',
    'target-exists',
  );
}

function formatOf(
  { separator, decimal = '.' }: TableOptions,
  usual: SeparatorName,
): Pick<FileOptions, 'separator' | 'decimal'> {
  const names = Object.keys(SEPARATORS) as SeparatorName[];
  const format = {
    separator: oneOf('separator', separator ?? usual, names),
    decimal: oneOf('decimal', decimal, ['.', ','] as const),
  };
  if (format.separator !== format.decimal) return format;
  throw Failure.usage(
    'The comma cannot be both the separator and the decimal mark.',
    'Take --separator ";" with --decimal ",".',
  );
}

function oneOf<V extends string>(option: string, given: string, allowed: readonly V[]): V {
  const found = allowed.find((value) => value === given);
  if (found !== undefined) return found;
  throw Failure.usage(`--${option} ${given} is none of ${allowed.join(', ')}.`);
}
