import type { Archive } from '../../study/archive.js';

/** A study that is closed, or archived after that. */
export interface ClosedStudy {
  readonly code: string;
  /** The StudyClosed that holds, and since when. */
  readonly record: number;
  readonly since: string;
  readonly archive: Archive | undefined;
  readonly isGoverned: boolean;
}
