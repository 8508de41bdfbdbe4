import { counted } from '../../shared/counted.js';
import { BLOCKING } from '../../study/welfare/open-questions.js';
import { INCONSISTENT } from '../../study/welfare/inconsistencies.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import type { CodeMap, Format } from '../forms/code-map.js';
import { DE_COLUMNS, EU_COLUMNS, buildEuLine } from '../forms/form-eu.js';
import type { FormLine } from '../forms/form-line.js';
import { UK_COLUMNS, UK_NUMBER, buildUkLine } from '../forms/form-uk.js';

/** What a return is made for. */
export interface Form {
  readonly year: number;
  readonly format: Format;
  readonly codes: CodeMap;
}

/** The columns of each form, and the place of the number of animals. */
export const FORM_COLUMNS: Readonly<Record<Format, { columns: readonly string[]; number: number }>> = {
  eu: { columns: EU_COLUMNS, number: EU_COLUMNS.indexOf('G number') },
  de: { columns: DE_COLUMNS, number: DE_COLUMNS.indexOf('G number') },
  uk: { columns: UK_COLUMNS, number: UK_NUMBER },
};

/** Something that a person has to answer or to put right before the return is handed in. */
export interface Finding {
  /** Null where it is about no study, or about no animal. */
  readonly study: string | null;
  readonly subject: string | null;
  readonly text: string;
  /** Numbers of the study's records that it rests on. */
  readonly records: readonly number[];
}

/** “2 gaps and 1 inconsistent statement”. */
export function describeFindings({
  gaps,
  inconsistent,
}: {
  gaps: readonly Finding[];
  inconsistent: readonly Finding[];
}): string {
  return [
    gaps.length > 0 && counted(gaps.length, 'gap'),
    inconsistent.length > 0 && counted(inconsistent.length, 'inconsistent statement'),
  ]
    .filter((part) => part !== false)
    .join(' and ');
}

/** Whether a use ended in the year and the format counts it. */
export function isReported({ use, procedures }: UseRecord, { year, format }: Form): boolean {
  if (!use.used || use.reportYear !== year) return false;
  return procedures.length > 0 || format === 'de';
}

export interface ReportedUse {
  readonly line: FormLine;
  /** What the form asks and neither records nor codes answer. */
  readonly gaps: readonly Said[];
  /** The same of its licence: one answer is enough for all animals of the study. */
  readonly licenceGaps: readonly Said[];
  /** What the records say and cannot all be true. */
  readonly inconsistent: readonly Said[];
}

export type Said = Pick<Finding, 'text' | 'records'>;

export function reportUse(use: UseRecord, { year, format, codes }: Form): ReportedUse {
  const line = format === 'uk' ? buildUkLine(use, codes, year) : buildEuLine(use, codes, format === 'de');
  const asked = (codes: ReadonlySet<string>): Said[] =>
    use.openQuestions.filter(({ code }) => codes.has(code)).map(({ text, records }) => ({ text, records }));
  const gaps = line.gaps.map((text) => ({ text, records: [] }));
  const licenceGaps = line.licenceGaps.map((text) => ({ text, records: use.use.project.records }));
  return { line, gaps: [...asked(BLOCKING), ...gaps], licenceGaps, inconsistent: asked(INCONSISTENT) };
}
