import type { StudyPeople } from '../lab/people/study-people.js';
import { archiveOf, type Archive } from '../study/archive.js';
import { View } from '../study/projections/projection.js';
import { studySummary } from '../study/projections/study-summary.js';
import type { Study } from '../study/study.js';

/** Which study a file shows, as known at which tree size. All of it follows from the records, but for the version and what is broken. */
export interface Snapshot {
  readonly code: string;
  readonly title: string;
  readonly facility: string;
  readonly simulated: boolean;
  readonly size: number;
  /** RFC 6962 root at that size, base64. */
  readonly root: string;
  /** When the last of these records was written: the only date that a file of the study may bear. */
  readonly recorded: string;
  readonly archived?: Archive;
  /** Records of signatures that do not check. A bundle with one is not exported. */
  readonly broken?: readonly number[];
  /** Of the program. */
  readonly version: string;
}

/** What a file is made from, and nothing else. */
export interface FileSource {
  readonly study: Study;
  readonly snapshot: Snapshot;
  readonly people: StudyPeople;
  /** By person; empty where names are not disclosed. */
  readonly names: ReadonlyMap<string, string>;
  /** One animal only: for what may show a single one. */
  readonly subject?: string | undefined;
  /** Name of the file to be written, for a format that repeats it; absent: as `servedName` gives it. */
  readonly savedAs?: string;
}

/** A study without a record has no date; the first that a zip file can hold stands for it. */
const NEVER = '1980-01-01T00:00:00.000Z';

export function snapshotOf(
  study: Study,
  given: Pick<Snapshot, 'facility' | 'simulated' | 'root' | 'version' | 'broken'>,
): Snapshot {
  const { title } = studySummary(new View(study)) as { title: string | null };
  const archived = archiveOf(study);
  return {
    code: study.code,
    title: title ?? '',
    size: study.size,
    recorded: study.records.last?.record.recordedtime ?? NEVER,
    ...(archived && { archived }),
    ...given,
  };
}

export function viewOf({ study, subject }: FileSource): View {
  return new View(study, Infinity, subject);
}

/** Ends what names an archived study, in every file of it. */
export function archivedText(archived: Archive | undefined): string {
  return archived
    ? `, archived in record #${archived.record}, kept at least until ${archived.retainUntil}`
    : '';
}

/** The same for whoever looks for what is not in the ledger. */
export function archiveInWords({ record, location, retainUntil }: Archive): string {
  return `in record #${record}, kept at least until ${retainUntil}; what is not in the ledger lies here: ${location}`;
}

/** `KET-01-1577`: what files of this state are called. */
export function snapshotName({ code, size }: Pick<Snapshot, 'code' | 'size'>): string {
  return `${code}-${size}`;
}

/** What a browser saves a file of this state under. */
export function servedName(state: Pick<Snapshot, 'code' | 'size'>, file: string): string {
  return `${snapshotName(state)}-${file}`;
}

export const SIMULATED_NOTICE = 'SIMULATED DATA. No animal was used: every value here was made by a program.';
