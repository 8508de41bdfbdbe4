import type { Lab } from '../lab/lab.js';
import { isDirectorAbsent } from '../lab/people/study-people.js';
import { treeSizeAt, viewAsOf } from './as-of.js';
import { labOn } from './lab-at.js';
import type { Engine } from '../recording/engine.js';
import { concernsOneLog } from '../store/store-error.js';
import { instantMs, utcInstant } from '../study/instant.js';
import type { View } from '../study/projections/projection.js';
import { studySummary } from '../study/projections/study-summary.js';
import type { Protocol } from '../study/protocol.js';
import { Refusal, refuse } from '../study/refusal.js';
import { substancesOf } from '../study/rules/planned.js';
import { closureOf, factsOf, type Study } from '../study/study.js';

const DAY_MS = 86_400_000;

/** A line of the master schedule: what 21 CFR 58.35(b) asks for, as far as records hold it. */
export interface Scheduled {
  readonly code: string;
  /** When it was registered, and the lab record that says so. */
  readonly registered: string;
  readonly number: number;
  /** Tree size that the rest is read at. */
  readonly size: number;
  /** Undefined where nothing was recorded by then, or it cannot be read. */
  readonly study: StudyThen | undefined;
  readonly problem: string | undefined;
}

interface StudyThen {
  readonly state: string;
  readonly title: string | null;
  readonly director: string | null;
  readonly directorAbsent: boolean;
  readonly sponsor: string | undefined;
  readonly testSystem: string;
  /** By the protocol in force. */
  readonly testArticle: string | undefined;
  readonly enrolled: number;
  readonly opened: string | undefined;
  readonly closed: string | undefined;
}

/** Every study of the ledger as recorded by the end of a day, in UTC as `recordedtime` is; now without one. */
export async function masterSchedule(engine: Engine, on: string | undefined): Promise<Scheduled[] | Refusal> {
  const begin = on === undefined ? undefined : instantMs(`${on}T00:00:00Z`);
  if (on !== undefined && begin === undefined)
    return refuse('at-invalid', `on: “${on.slice(0, 40)}” is not a day such as 2026-03-02.`, 'on');
  const end = begin === undefined ? undefined : utcInstant(begin + DAY_MS - 1);
  const lab = end === undefined ? await engine.lab() : await labOn(engine, end);
  const rows: Scheduled[] = [];
  for (const { code, number, recordedtime } of lab.studies.values())
    rows.push({ code, number, registered: recordedtime, ...(await readAt(engine, lab, code, end)) });
  return rows;
}

/** A study that cannot be read is named with its problem; the others are listed all the same. */
async function readAt(
  engine: Engine,
  lab: Lab,
  code: string,
  end: string | undefined,
): Promise<Pick<Scheduled, 'size' | 'study' | 'problem'>> {
  try {
    const { state } = await engine.study(code);
    const size = treeSizeAt(state, end);
    const view = size instanceof Refusal ? size : await viewAsOf(state, { at: String(size) });
    if (size instanceof Refusal || view instanceof Refusal || size === 0)
      return { size: 0, study: undefined, problem: undefined };
    const atMs = (end === undefined ? undefined : instantMs(end)) ?? engine.clock();
    const directorAbsent = isDirectorAbsent(view.study, lab.people, { labSize: lab.size, atMs });
    return { size, study: { ...studyThen(view), directorAbsent }, problem: undefined };
  } catch (error) {
    if (!concernsOneLog(error)) throw error;
    return { size: 0, study: undefined, problem: error.message };
  }
}

function studyThen(view: View): Omit<StudyThen, 'directorAbsent'> {
  const { study, protocols } = view;
  const { state, title, director, animals } = studySummary(view) as unknown as Omit<StudyThen, 'enrolled'> & {
    animals: { enrolled: number };
  };
  const opened = factsOf(study.facts, 'StudyOpened')[0];
  const strains = new Set(
    view
      .animals()
      .flatMap(({ history }) => factsOf(history, 'SubjectEnrolled'))
      .map(({ data: { species, strain } }) => `${strain} (${species})`),
  );
  return {
    state,
    title,
    director,
    sponsor: opened?.data.sponsor,
    testSystem: [...strains].sort().join(', '),
    testArticle: articlesOf(protocols.versions.at(-1)?.protocol),
    enrolled: animals.enrolled,
    opened: opened?.time,
    closed: closedAt(study),
  };
}

/** When it was closed: in a governed study, when that was signed. */
function closedAt(study: Study): string | undefined {
  const { closed } = closureOf(study);
  const stated = factsOf(study.facts, 'StudyClosed').find(({ at }) => at === closed?.at);
  return stated?.time ?? (closed && utcInstant(closed.at));
}

/** What the study gives, by name; undefined where it gives nothing. */
function articlesOf(protocol: Protocol | undefined): string | undefined {
  const names = protocol ? substancesOf(protocol).map(({ id, name }) => name ?? id) : [];
  return names.length > 0 ? names.join(', ') : undefined;
}
