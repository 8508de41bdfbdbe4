import { View } from '../study/projections/projection.js';
import { studySummary } from '../study/projections/study-summary.js';
import type { Study } from '../study/study.js';

/** Where an exported file stands: which study, as known at which tree size. All of it follows from the records. */
export interface Stand {
  readonly code: string;
  readonly title: string;
  readonly facility: string;
  readonly simulated: boolean;
  readonly size: number;
  /** RFC 6962 root at that size, base64. */
  readonly root: string;
  /** When the last of these records was written: the only date that a file of the study may bear. */
  readonly recorded: string;
  /** Of the program. */
  readonly version: string;
}

/** A study without a record has no date; the epoch stands for it. */
const NEVER = '1980-01-01T00:00:00.000Z';

export function standOf(
  study: Study,
  given: Pick<Stand, 'facility' | 'simulated' | 'root' | 'version'>,
): Stand {
  const { title } = studySummary(new View(study)) as { title: string | null };
  return {
    code: study.code,
    title: title ?? '',
    size: study.size,
    recorded: study.records.last?.record.recordedtime ?? NEVER,
    ...given,
  };
}

/** `KET-01-1577`: what files of this state are called. */
export function standName({ code, size }: Stand): string {
  return `${code}-${size}`;
}

export const SIMULATED_NOTICE = 'SIMULATED DATA. No animal was used: every value here was made by a program.';
