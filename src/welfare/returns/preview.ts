import { groupedBy } from '../../study/grouped-by.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { EU_COLUMNS, EU_NUMBER } from '../forms/form-eu.js';
import { UK_COLUMNS, UK_NUMBER } from '../forms/form-uk.js';
import { isReported, reportUse, type Form } from './reported-use.js';

/** What one study adds to the return of a year, and what is missing for it. */
export interface ReturnPreview {
  readonly uses: number;
  readonly columns: readonly string[];
  /** Lines of the form: equal ones are one, with the number of animals. */
  readonly lines: readonly (readonly string[])[];
  readonly gaps: readonly { readonly text: string; readonly subjects: readonly string[] }[];
}

export function previewReturn(uses: readonly UseRecord[], form: Form): ReturnPreview {
  const number = form.format === 'uk' ? UK_NUMBER : EU_NUMBER;
  const reported = uses
    .filter((use) => isReported(use, form))
    .map((use) => ({ subject: use.subject, ...reportUse(use, form) }));
  const lines = groupedBy(reported, ({ line }) => line.cells.join('\u0000'));
  const gaps = groupedBy(
    reported.flatMap(({ subject, gaps: texts }) => texts.map((text) => ({ subject, text }))),
    ({ text }) => text,
  );
  return {
    uses: reported.length,
    columns: form.format === 'uk' ? UK_COLUMNS : EU_COLUMNS,
    lines: [...lines.values()].map((same) => same[0]!.line.cells.with(number, String(same.length))),
    gaps: [...gaps].map(([text, those]) => ({ text, subjects: those.map(({ subject }) => subject) })),
  };
}
