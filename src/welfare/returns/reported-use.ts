import { BLOCKING } from '../../study/welfare/open-questions.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import type { CodeMap, Format } from '../forms/code-map.js';
import { buildEuLine } from '../forms/form-eu.js';
import type { FormLine } from '../forms/form-line.js';
import { buildUkLine } from '../forms/form-uk.js';

/** What a return is made for. */
export interface Form {
  readonly year: number;
  readonly format: Format;
  readonly codes: CodeMap;
}

/** Whether a use ended in the year and the format counts it. */
export function isReported({ use, procedures }: UseRecord, { year, format }: Form): boolean {
  if (!use.used || use.reportYear !== year) return false;
  return procedures.length > 0 || format === 'de';
}

export interface ReportedUse {
  readonly line: FormLine;
  /** What the form asks and neither records nor codes answer, each as a sentence. */
  readonly gaps: readonly string[];
}

export function reportUse(use: UseRecord, { year, format, codes }: Form): ReportedUse {
  const line = format === 'uk' ? buildUkLine(use, codes, year) : buildEuLine(use, codes, format === 'de');
  const questions = use.openQuestions.filter(({ code }) => BLOCKING.has(code)).map(({ text }) => text);
  return { line, gaps: [...questions, ...line.gaps] };
}
