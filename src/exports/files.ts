/** Everything that can be made of a study. Command line, HTTP, audit bundle and .eln take their files from this list. */
import { studySummary } from '../study/projections/study-summary.js';
import { zipSorted } from '../shared/zip-files.js';
import { dataPackDocument, dataPackJson } from './data-pack/data-pack.js';
import type { Document } from './documents/document.js';
import { htmlDocument } from './documents/html-document.js';
import { qualityStatement } from './documents/quality-statement.js';
import { studyReport } from './documents/study-report.js';
import { elnArchive } from './eln.js';
import { figureFiles } from './figures/figure-files.js';
import { sendFiles } from './send/send-set.js';
import { personsTsv } from './persons.js';
import { servedName, snapshotName, viewOf, type FileSource } from './snapshot.js';
import { csvOptions, tidyCsv } from './tables/csv.js';
import { groupedTable } from './tables/grouped.js';
import { GROUPED, GROUPED_VALUES, type GroupedOptions } from './tables/grouped-options.js';
import { groupedRecords, groupedText } from './tables/grouped-text.js';
import { tidyRows } from './tables/tidy-rows.js';

/** Names and contents of several files, made one after another. */
type Member = readonly [name: string, content: string | Uint8Array];
type Members = Iterable<Member> | AsyncIterable<Member>;

/** In parts, so that a large table is never held as one text. */
export type Parts = Iterable<string | Uint8Array>;

/** As on the command line and in the query of an address. */
export interface FileOptions {
  readonly separator?: ',' | ';' | 'tab';
  readonly decimal?: '.' | ',';
  readonly paw?: GroupedOptions['paw'];
  readonly assay?: string;
  readonly bounds?: GroupedOptions['bounds'];
  readonly excluded?: GroupedOptions['excluded'];
}

/** Where several files are handed out together: `study-ledger files`, the audit bundle, the .eln. */
export type Collection = 'folder' | 'bundle' | 'eln';

export interface StudyFile {
  readonly name: string;
  readonly summary: string;
  readonly mediaType: string;
  readonly options: readonly (keyof FileOptions)[];
  /** Takes seconds of a processor: a server renders it in a thread. */
  readonly isHeavy: boolean;
  readonly collections: readonly Collection[];
  /** The same source and options give the same bytes. @throws TableError */
  render(source: FileSource, options: FileOptions): Parts | Promise<Parts>;
  /** Of a zip file: what is in it, which folders and bundles hold unpacked, in a folder of this name. */
  readonly unpacked?: { readonly folder: string; members(source: FileSource, to?: Collection): Members };
}

const CSV = 'text/csv; charset=utf-8; header=present';
const TSV = 'text/tab-separated-values; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const PDF = 'application/pdf';
const DATASETS = 'dataset-json';
const FIGURES = 'figures';
const ELN = 'study.eln';

export const FILES: readonly StudyFile[] = [
  {
    name: 'table.csv',
    summary: 'Tidy table: one row for each fact about an animal and each scored item, with record numbers',
    mediaType: CSV,
    options: ['separator', 'decimal'],
    isHeavy: false,
    collections: ['folder', 'bundle', 'eln'],
    render: (source, options) => tidyCsv(tidyRows(viewOf(source), source.snapshot), csvOptions(options, ',')),
  },
  {
    name: 'table.xlsx',
    summary: 'The same table for spreadsheets, with what each column means',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    options: [],
    isHeavy: true,
    collections: ['folder', 'eln'],
    render: async (source) => {
      const { tidyXlsx } = await import('./tables/xlsx.js');
      return [await tidyXlsx(tidyRows(viewOf(source), source.snapshot), source.snapshot)];
    },
  },
  ...GROUPED_VALUES.map((values): StudyFile => ({
    name: `grouped-${values}.tsv`,
    summary: `Grouped table as GraphPad Prism takes it by paste: ${values}, ${GROUPED.paw}`,
    mediaType: TSV,
    options: ['paw', 'assay', 'bounds', 'excluded', 'separator', 'decimal'],
    isHeavy: false,
    collections: ['folder', 'bundle'],
    render: (source, options) => {
      const table = groupedTable(viewOf(source), { ...groupedOptions(options), values });
      return [groupedText(table, source.snapshot, csvOptions(options, 'tab'))];
    },
  })),
  {
    name: 'grouped-records.tsv',
    summary:
      'What the grouped tables do not say: study, tree size, excluded animals, the record numbers of each cell',
    mediaType: TSV,
    options: ['paw', 'assay', 'bounds', 'excluded', 'separator'],
    isHeavy: false,
    collections: ['folder', 'bundle'],
    render: (source, options) => {
      const grouped = groupedOptions(options);
      const table = groupedTable(viewOf(source), grouped);
      return [groupedRecords(table, grouped, source.snapshot, csvOptions(options, 'tab'))];
    },
  },
  {
    name: 'figures.zip',
    summary: 'Courses of each animal, and of the groups with their means and 95 % intervals',
    mediaType: 'application/zip',
    options: [],
    isHeavy: true,
    collections: ['folder', 'bundle'],
    render: (source) => zipOf(FIGURES, source, figureFiles(source, 'svg-and-png')),
    // A bundle holds no second form of what it holds already: a PNG is drawn from the SVG.
    unpacked: {
      folder: FIGURES,
      members: (source, to) => figureFiles(source, to === 'bundle' ? 'svg' : 'svg-and-png'),
    },
  },
  {
    name: 'report.html',
    summary: 'Report of the study with its figures, one page that needs nothing else',
    mediaType: HTML,
    options: [],
    isHeavy: false,
    collections: ['folder', 'bundle', 'eln'],
    render: (source) => [htmlDocument(studyReport(source))],
  },
  {
    name: 'report.pdf',
    summary: 'The same report for paper',
    mediaType: PDF,
    options: [],
    isHeavy: true,
    collections: ['folder', 'bundle', 'eln'],
    render: (source) => renderPdf(studyReport(source)),
  },
  {
    name: 'data-pack.json',
    summary: 'What the records hold for each number of 21 CFR 58.185(a), with record numbers and gaps',
    mediaType: 'application/json',
    options: [],
    isHeavy: false,
    collections: ['folder', 'bundle', 'eln'],
    render: (source) => [dataPackJson(source)],
  },
  {
    name: 'data-pack.html',
    summary: 'The same for people',
    mediaType: HTML,
    options: [],
    isHeavy: false,
    collections: ['folder', 'bundle'],
    render: (source) => [htmlDocument(dataPackDocument(source))],
  },
  {
    name: 'data-pack.pdf',
    summary: 'The same for paper',
    mediaType: PDF,
    options: [],
    isHeavy: true,
    collections: [],
    render: (source) => renderPdf(dataPackDocument(source)),
  },
  {
    name: 'quality-statement.html',
    summary: 'Statement of quality assurance: phases, days of inspection and of the reports, signatures',
    mediaType: HTML,
    options: [],
    isHeavy: false,
    collections: ['folder', 'bundle'],
    render: (source) => [htmlDocument(qualityStatement(source))],
  },
  {
    name: 'quality-statement.pdf',
    summary: 'The same statement for paper',
    mediaType: PDF,
    options: [],
    isHeavy: true,
    collections: [],
    render: (source) => renderPdf(qualityStatement(source)),
  },
  {
    name: 'persons.tsv',
    summary:
      'Persons of the study: the roles that they acted in, their records, registration, conflicts of roles',
    mediaType: TSV,
    options: [],
    isHeavy: false,
    collections: ['folder', 'bundle'],
    render: (source) => [personsTsv(source)],
  },
  {
    name: 'dataset-json.zip',
    summary: 'Data sets in the manner of SEND as Dataset-JSON 1.1, with the records of each row',
    mediaType: 'application/zip',
    options: [],
    isHeavy: true,
    collections: ['folder', 'bundle', 'eln'],
    render: (source) => zipOf(DATASETS, source, sendFiles(source)),
    unpacked: { folder: DATASETS, members: sendFiles },
  },
  {
    name: ELN,
    summary: 'Table, reports and data pack for electronic lab notebooks',
    mediaType: 'application/vnd.eln+zip',
    options: [],
    isHeavy: true,
    collections: ['folder'],
    render: renderEln,
  },
];

export function fileNamed(name: string): StudyFile | undefined {
  return FILES.find((file) => file.name === name);
}

export function filesIn(collection: Collection): StudyFile[] {
  return FILES.filter(({ collections }) => collections.includes(collection));
}

/** The paths of a file in a folder or a bundle, each with its content. */
export async function* unpack(
  file: StudyFile,
  source: FileSource,
  to: Collection,
): AsyncGenerator<{ readonly path: string; readonly parts: Parts }> {
  const { name, unpacked } = file;
  if (!unpacked) yield { path: name, parts: await file.render(source, {}) };
  else
    for await (const [member, content] of unpacked.members(source, to))
      yield { path: `${unpacked.folder}/${member}`, parts: [content] };
}

/** @throws TableError */
export async function renderFile(
  file: StudyFile,
  source: FileSource,
  options: FileOptions = {},
): Promise<Uint8Array> {
  const parts = [...(await file.render(source, options))];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function groupedOptions({ paw, assay, bounds, excluded }: FileOptions): GroupedOptions {
  return {
    ...GROUPED,
    ...(paw && { paw }),
    ...(assay && { assay }),
    ...(bounds && { bounds }),
    ...(excluded && { excluded }),
  };
}

/** A zip with one folder, named for the state and for what is in it. */
async function zipOf(what: string, { snapshot }: FileSource, members: Members): Promise<Parts> {
  const files: Record<string, Uint8Array> = {};
  for await (const [name, content] of members)
    files[`${snapshotName(snapshot)}-${what}/${name}`] = Buffer.from(content);
  return [zipSorted(files)];
}

/** The PDF library is loaded where a PDF is asked for. */
async function renderPdf(document: Document): Promise<Parts> {
  const { pdfDocument } = await import('./documents/pdf-document.js');
  return [await pdfDocument(document)];
}

async function renderEln(source: FileSource): Promise<Parts> {
  const { director } = studySummary(viewOf(source)) as { director: string | null };
  const files = [];
  for (const file of filesIn('eln')) files.push({ ...file, bytes: await renderFile(file, source) });
  const root = source.savedAs ?? servedName(source.snapshot, ELN);
  return [elnArchive(root, source.snapshot, director, files)];
}
