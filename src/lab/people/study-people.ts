import { instantMs } from '../../study/instant.js';
import type { StoredStudyRecord, StudyRecord } from '../../study/record.js';
import type { Steps } from '../../study/steps.js';
import { directorOf, type Study } from '../../study/study.js';
import type { People } from './people.js';
import { conflictingGrants, heldAt, type Moment } from './standing.js';

/** A person who made records of a study, or whom its records name. */
export interface PersonOfStudy {
  readonly person: string;
  /** The roles of the records that they made, in the order of the first. */
  readonly roles: readonly string[];
  /** What records name them as, such as surgeon. */
  readonly namedAs: readonly string[];
  /** How many records they made. */
  readonly records: number;
  /** The first and the last record that they made or that names them. */
  readonly first: number;
  readonly last: number;
  /** The lab record of their registration; null where they are not registered. */
  readonly registered: number | null;
  /** Whether roles of theirs conflicted when they made a record, or at the end of what is shown. */
  readonly roleConflict: boolean;
}

/** Who is behind a study, as plain data. */
export interface StudyPeople {
  /** In the order in which records first have them. */
  readonly persons: readonly PersonOfStudy[];
  readonly directorAbsent: boolean;
}

/** Members of `data` that name a person, and what as. */
const NAMED: readonly (readonly [member: string, as: string])[] = [
  ['director', 'study director'],
  ['observedBy', 'observer'],
  ['surgeon', 'surgeon'],
  ['assistant', 'assistant'],
  ['preparedBy', 'preparer'],
];

const RECORDS_IN_A_STEP = 500;

/**
 * The persons of a study, by its records and by what the lab held at the moment of the last of them: the answer for a tree
 * size never changes. `people` are those of the lab at that size or at a later one.
 */
export function* studyPeople(study: Study, people: People): Steps<StudyPeople> {
  const found = new Map<string, Found>();
  for (const stored of study.records) {
    collect(stored, found);
    if (stored.number % RECORDS_IN_A_STEP === RECORDS_IN_A_STEP - 1) yield;
  }
  const end = endOf(study);
  const persons = [...found].map(([person, { made, roles, namedAs, first, last }]) => {
    const { number = Infinity } = people.persons.get(person) ?? {};
    return {
      person,
      roles: [...roles],
      namedAs: [...namedAs],
      records: made.length,
      first,
      last,
      registered: number < end.labSize ? number : null,
      roleConflict: hadConflict(people, person, made, end),
    };
  });
  return { persons, directorAbsent: isDirectorAbsent(study, people) };
}

interface Found {
  readonly made: StudyRecord[];
  readonly roles: Set<string>;
  readonly namedAs: Set<string>;
  readonly first: number;
  last: number;
}

function collect({ number, record }: StoredStudyRecord, found: Map<string, Found>): void {
  const at = (person: string): Found => {
    let one = found.get(person);
    if (!one)
      found.set(
        person,
        (one = { made: [], roles: new Set(), namedAs: new Set(), first: number, last: number }),
      );
    one.last = number;
    return one;
  };
  const actor = at(record.actor);
  actor.made.push(record);
  actor.roles.add(record.actorrole);
  const { corrected, to } = record.data as { corrected?: object; to?: unknown };
  if (record.importer !== undefined && record.importer !== record.actor)
    at(record.importer).namedAs.add('importer');
  if (record.type === 'StudyHandedOver') at(String(to)).namedAs.add('study director');
  for (const data of corrected ? [record.data, corrected] : [record.data])
    for (const [member, as] of NAMED) {
      const value = (data as Record<string, unknown>)[member];
      if (typeof value === 'string') at(value).namedAs.add(as);
    }
}

function hadConflict(people: People, person: string, made: readonly StudyRecord[], end: Moment): boolean {
  const pairs = conflictingGrants(people, person);
  if (pairs.length === 0) return false;
  const moments = [...made.map(momentOf), end];
  return pairs.some(([a, b]) =>
    moments.some((moment) => heldAt(people, a, moment) && heldAt(people, b, moment)),
  );
}

/**
 * Whether the director of a study cannot act at a moment: deactivated, or without a grant of that role. At the end of what
 * its records say, where no moment is given. Before persons acted nobody is absent.
 */
export function isDirectorAbsent(study: Study, people: People, moment: Moment = endOf(study)): boolean {
  const director = directorOf(study);
  if (director === undefined || moment.labSize <= (people.begunAt ?? Infinity)) return false;
  const grants = people.persons.get(director)?.grants ?? [];
  return !grants.some(
    (grant) =>
      grant.role === 'director' &&
      (grant.study === undefined || grant.study === study.code) &&
      heldAt(people, grant, moment),
  );
}

/** The moment of the last record. */
export function endOf({ records, recordedMs }: Study): Moment {
  return { labSize: records.last?.record.labsize ?? 0, atMs: recordedMs };
}

function momentOf({ labsize = 0, recordedtime }: StudyRecord): Moment {
  return { labSize: labsize, atMs: instantMs(recordedtime) ?? 0 };
}
