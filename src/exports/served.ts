import { refuse, type Refusal } from '../study/refusal.js';
import {
  DATA_PACK_HTML,
  DATA_PACK_JSON,
  DATA_PACK_PDF,
  DATASET_JSON_ZIP,
  ELN,
  grouped,
  groupedRecordNumbers,
  REPORT_HTML,
  REPORT_PDF,
  TABLE_XLSX,
  tableCsv,
  type Output,
} from './outputs.js';
import { csvOptions, type CsvOptions } from './tables/csv.js';
import { GROUPED, GROUPED_VALUES, type GroupedOptions } from './tables/grouped.js';

/** How a file is wanted, where it comes in several forms; as on the command line. */
export interface Form {
  readonly separator?: ',' | ';' | 'tab';
  readonly decimal?: '.' | ',';
  readonly paw?: GroupedOptions['paw'];
  readonly bounds?: GroupedOptions['bounds'];
}

/** A file that a server makes when asked: the same bytes that the command line writes. */
export interface Served extends Omit<Output, 'parts'> {
  readonly forms: readonly (keyof Form)[];
  /** Takes seconds of a processor, for which commands must not wait. */
  readonly isSlow: boolean;
  /** Refused where the form makes no sense. */
  in(form: Form): Output | Refusal;
}

const GROUPED_FORMS = ['paw', 'bounds', 'separator', 'decimal'] as const;

export const SERVED: readonly Served[] = [
  table('table.csv', ['separator', 'decimal'], ',', (_, form) => tableCsv(form)),
  plain(TABLE_XLSX, true),
  ...GROUPED_VALUES.map((values) => {
    const name = `grouped-${values}.tsv`;
    return table(name, GROUPED_FORMS, 'tab', ({ paw, bounds }, form) =>
      grouped(name, { ...GROUPED, values, ...(paw && { paw }), ...(bounds && { bounds }) }, form),
    );
  }),
  table('grouped-records.tsv', ['paw', 'separator'], 'tab', ({ paw }, form) =>
    groupedRecordNumbers('grouped-records.tsv', { ...GROUPED, ...(paw && { paw }) }, form),
  ),
  plain(DATASET_JSON_ZIP, true),
  plain(REPORT_HTML),
  plain(REPORT_PDF, true),
  plain(DATA_PACK_JSON),
  plain(DATA_PACK_HTML),
  plain(DATA_PACK_PDF, true),
  plain(ELN, true),
];

function plain(output: Output, isSlow = false): Served {
  const { name, what, mediaType } = output;
  return { name, what, mediaType, forms: [], isSlow, in: () => output };
}

function table(
  name: string,
  forms: readonly (keyof Form)[],
  usual: string,
  output: (form: Form, csv: CsvOptions) => Output,
): Served {
  const chosen = (form: Form): Output | Refusal => {
    const csv = csvOptions(form.separator ?? usual, form.decimal ?? '.');
    if (csv) return output(form, csv);
    const message = 'A comma cannot part cells and mark decimals at once: take separator=; with decimal=,.';
    return refuse('separator-is-decimal', message, 'separator');
  };
  const { what, mediaType } = chosen({}) as Output;
  return { name, what, mediaType, forms, isSlow: false, in: chosen };
}
