import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { wasPresent, type Period } from './register.js';

/** Categories of APHIS form 7023, for internal use. The form's year is the federal fiscal year, not that of the return. */
export const USDA_COLUMNS = ['fiscal year', 'from', 'to', 'category', 'why', 'animals'] as const;

/** The fiscal year of the United States is named by the calendar year in which it ends. */
export function fiscalYear(year: number): Period {
  return { from: `${year - 1}-10-01`, to: `${year}-09-30` };
}

/** Counts of the fiscal year; it holds numbers, never animals. */
export class UsdaTable {
  private readonly counts = new Map<string, number>();
  private readonly period: Period;

  constructor(private readonly year: number) {
    this.period = fiscalYear(year);
  }

  count(use: UseRecord): void {
    if (!wasPresent(use, this.period)) return;
    const { category, why } = this.categoryOf(use);
    const key = `${category ?? 'undetermined'}\t${why.replaceAll('\t', ' ')}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  lines(): (string | number)[][] {
    const { from, to } = this.period;
    return [...this.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, animals]) => [`FY${this.year}`, from, to, ...key.split('\t'), animals]);
  }

  /** What begins after the fiscal year is of a later one. */
  private categoryOf({ use, severity }: UseRecord): { category: string | null; why: string } {
    const { value: started } = use.startedOn;
    if (started !== null && started > this.period.to)
      return { category: 'B', why: 'held and not used by its end' };
    return severity.usdaInternal;
  }
}
