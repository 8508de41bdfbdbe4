import { groupedBy } from '../../study/grouped-by.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { FORM_COLUMNS, isReported, reportUse, type Form, type Said } from './reported-use.js';

/** What one study adds to the return of a year, and what is missing for it. */
export interface ReturnPreview {
  readonly uses: number;
  readonly columns: readonly string[];
  /** Lines of the form: equal ones are one, with the number of animals. */
  readonly lines: readonly (readonly string[])[];
  readonly gaps: readonly SaidOf[];
  /** What the study's own records say and cannot all be true. Marks are compared over all studies by the return alone. */
  readonly inconsistent: readonly SaidOf[];
}

/** One sentence, and the animals that it is said of. */
export interface SaidOf {
  readonly text: string;
  readonly subjects: readonly string[];
}

export function previewReturn(uses: readonly UseRecord[], form: Form): ReturnPreview {
  const { columns, number } = FORM_COLUMNS[form.format];
  const reported = uses
    .filter((use) => isReported(use, form))
    .map((use) => ({ subject: use.subject, ...reportUse(use, form) }));
  const lines = groupedBy(reported, ({ line }) => line.cells.join('\u0000'));
  return {
    uses: reported.length,
    columns,
    lines: [...lines.values()].map((same) => same[0]!.line.cells.with(number, String(same.length))),
    gaps: groupTexts(reported, ({ gaps, licenceGaps }) => [...gaps, ...licenceGaps]),
    inconsistent: groupTexts(reported, ({ inconsistent }) => inconsistent),
  };
}

function groupTexts<T extends { readonly subject: string }>(
  uses: readonly T[],
  said: (use: T) => readonly Said[],
): SaidOf[] {
  const all = uses.flatMap((use) => said(use).map(({ text }) => ({ subject: use.subject, text })));
  return [...groupedBy(all, ({ text }) => text)].map(([text, those]) => ({
    text,
    subjects: those.map(({ subject }) => subject),
  }));
}
