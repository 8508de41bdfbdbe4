import { studySummary } from '../study/projections/study-summary.js';
import { View } from '../study/projections/projection.js';
import type { Study } from '../study/study.js';
import { dataPackDocument, dataPackJson } from './data-pack/data-pack.js';
import { sendFiles } from './send/send-set.js';
import { htmlDocument } from './documents/html-document.js';
import { pdfDocument } from './documents/pdf-document.js';
import { elnArchive } from './eln.js';
import { studyReport } from './documents/study-report.js';
import { standName, type Stand } from './snapshot.js';
import { tidyCsv, type CsvOptions } from './tables/csv.js';
import { GROUPED, groupedTable, type GroupedOptions } from './tables/grouped.js';
import { groupedRecords, groupedText, PASTED } from './tables/grouped-text.js';
import { tidyRows } from './tables/tidy-rows.js';
import { tidyXlsx } from './tables/xlsx.js';
import { zipSorted } from '../shared/zip.js';

/** What a file of a study is made from: the study as known at a tree size, and where that stands. Nothing else. */
export interface OutputSource {
  readonly study: Study;
  readonly stand: Stand;
  /** One animal only: for what may show a single one. */
  readonly subject?: string | undefined;
}

export type Part = string | Uint8Array;

/** A file that can be made of a study; the same source gives the same bytes. */
export interface Output {
  readonly name: string;
  readonly what: string;
  readonly mediaType: string;
  /** In parts, so that a large table is never held as one text. */
  parts(source: OutputSource): Iterable<Part> | Promise<Iterable<Part>>;
}

export function tableCsv(options?: CsvOptions): Output {
  return {
    name: 'table.csv',
    what: 'Tidy table: a row a fact about an animal, a row an item scored, with its record numbers',
    mediaType: 'text/csv; charset=utf-8; header=present',
    parts: (source) => tidyCsv(tidyRows(viewOf(source), source.stand), options),
  };
}

export const TABLE_XLSX: Output = {
  name: 'table.xlsx',
  what: 'The same table for spreadsheets, with what each column means',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parts: async (source) => [await tidyXlsx(tidyRows(viewOf(source), source.stand), source.stand)],
};

export function grouped(name: string, options: GroupedOptions, form: CsvOptions = PASTED): Output {
  return {
    name,
    what: `Grouped table as GraphPad Prism takes it by paste: ${options.values}, ${options.paw}`,
    mediaType: 'text/tab-separated-values; charset=utf-8',
    parts: (source) => [groupedText(groupedTable(viewOf(source), options), options, source.stand, form)],
  };
}

export function groupedRecordNumbers(
  name: string,
  options: GroupedOptions,
  form: CsvOptions = PASTED,
): Output {
  return {
    name,
    what: 'The record numbers that each cell of the grouped tables rests on',
    mediaType: 'text/tab-separated-values; charset=utf-8',
    parts: (source) => [groupedRecords(groupedTable(viewOf(source), options), source.stand, form)],
  };
}

export const REPORT_HTML: Output = {
  name: 'report.html',
  what: 'Report of the study with its figures, one page that needs nothing else',
  mediaType: 'text/html; charset=utf-8',
  parts: ({ study, stand }) => [htmlDocument(studyReport(study, stand))],
};

export const REPORT_PDF: Output = {
  name: 'report.pdf',
  what: 'The same report for paper',
  mediaType: 'application/pdf',
  parts: async ({ study, stand }) => [await pdfDocument(studyReport(study, stand))],
};

export const DATA_PACK_JSON: Output = {
  name: 'data-pack.json',
  what: 'What the records hold for each number of 21 CFR 58.185(a), with record numbers and gaps',
  mediaType: 'application/json',
  parts: ({ study, stand }) => [dataPackJson(study, stand)],
};

export const DATA_PACK_HTML: Output = {
  name: 'data-pack.html',
  what: 'The same for people',
  mediaType: 'text/html; charset=utf-8',
  parts: ({ study, stand }) => [htmlDocument(dataPackDocument(study, stand))],
};

export const DATA_PACK_PDF: Output = {
  name: 'data-pack.pdf',
  what: 'The same for paper',
  mediaType: 'application/pdf',
  parts: async ({ study, stand }) => [await pdfDocument(dataPackDocument(study, stand))],
};

export const DATASET_JSON_ZIP: Output = {
  name: 'dataset-json.zip',
  what: 'Data sets in the manner of SEND as Dataset-JSON 1.1, with the records of each row',
  mediaType: 'application/zip',
  parts: (source) => {
    const files = sendFiles(viewOf(source), source.stand);
    const root = `${standName(source.stand)}-dataset-json`;
    return [
      zipSorted(Object.fromEntries([...files].map(([name, text]) => [`${root}/${name}`, Buffer.from(text)]))),
    ];
  },
};

export const ELN: Output = {
  name: 'study.eln',
  what: 'Table, reports and data pack for electronic lab notebooks',
  mediaType: 'application/vnd.eln+zip',
  parts: async (source) => {
    const { director } = studySummary(viewOf(source)) as { director: string | null };
    const files = [];
    for (const output of [tableCsv(), TABLE_XLSX, REPORT_HTML, REPORT_PDF, DATA_PACK_JSON, DATASET_JSON_ZIP])
      files.push({
        name: output.name,
        what: output.what,
        encodingFormat: output.mediaType,
        bytes: await bytesOf(output, source),
      });
    return [elnArchive(source.stand, director, files)];
  },
};

/** Every file of a study, but for the data sets, which come as a folder. */
export const OUTPUTS: readonly Output[] = [
  tableCsv(),
  TABLE_XLSX,
  grouped('grouped-grams.tsv', GROUPED),
  grouped('grouped-percent-of-baseline.tsv', { ...GROUPED, values: 'percent-of-baseline' }),
  grouped('grouped-percent-mpe.tsv', { ...GROUPED, values: 'percent-mpe' }),
  groupedRecordNumbers('grouped-records.tsv', GROUPED),
  REPORT_HTML,
  REPORT_PDF,
  DATA_PACK_JSON,
  DATA_PACK_HTML,
];

/** What lies in an audit bundle. */
export const BUNDLED: readonly Output[] = OUTPUTS.filter((output) => output !== TABLE_XLSX);

export async function bytesOf(output: Output, source: OutputSource): Promise<Uint8Array> {
  const parts = [...(await output.parts(source))];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

export function viewOf({ study, subject }: OutputSource): View {
  return new View(study, Infinity, subject);
}
