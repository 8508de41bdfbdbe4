import type { FactType } from '../events/events.js';
import type { Fact } from '../study.js';
import type { OpenQuestion, UseRecord } from './animal-use-record.js';
import { deathOf, procedureOf, type Use } from './animal-use.js';
import type { Course } from './course.js';

/** The codes of statements about one animal that cannot all be true. They hold a return back as a missing answer does. */
export const INCONSISTENT: ReadonlySet<string> = new Set([
  'used-after-death',
  'reuse-after-severe',
  'non-recovery-contradicted',
]);

const DAY_MS = 86_400_000;

type Known = Pick<UseRecord, 'use' | 'severity' | 'fate'>;

export function inconsistencies(known: Known, course: Course, use: Use): OpenQuestion[] {
  if (!use.used) return [];
  return [usedAfterDeath(course), reusedAfterSevere(course), recovered(known, course, use)].filter(
    (found) => found !== undefined,
  );
}

function usedAfterDeath(course: Course): OpenQuestion | undefined {
  const death = deathOf(course);
  if (!death) return undefined;
  const later = course.facts.filter((fact) => fact.at > death.at && procedureOf(fact) !== undefined);
  const [first] = later;
  if (!first) return undefined;
  return {
    code: 'used-after-death',
    text: `used on ${dateOf(first)}, after its death on ${dateOf(death)}: correct the time or the animal of the wrong record`,
    records: [death.holder, ...later.map(({ holder }) => holder)],
  };
}

/** Dir. 2010/63/EU, Art. 16 (1) (a) and (2): the authority may permit it in exceptional cases. */
function reusedAfterSevere(course: Course): OpenQuestion | undefined {
  const [enrolled] = course.of('SubjectEnrolled');
  const { kind, previousActualSeverity, authorityReason } = enrolled?.data.use ?? {};
  if (kind !== 'reuse' || previousActualSeverity !== 'severe' || authorityReason !== undefined)
    return undefined;
  return { code: 'reuse-after-severe', text: AFTER_SEVERE, records: [enrolled!.holder] };
}

/** What is said where the authority's reason is missing, and what to do. */
export const AFTER_SEVERE =
  'used again after a severe use, without the reason of the authority (Dir. 2010/63/EU, Art. 16): correct its enrolment and give use.authorityReason';

/** What an animal goes through awake. */
const AWAKE: ReadonlySet<FactType> = new Set<FactType>([
  'ThresholdRecorded',
  'MeasurementRecorded',
  'SideEffectsScored',
]);

/** Non-recovery is a use wholly under general anaesthesia, without waking (Dir. 2010/63/EU, Annex VIII). */
function recovered(
  { severity: { actual }, fate }: Known,
  course: Course,
  use: Use,
): OpenQuestion | undefined {
  if (actual?.severity !== 'non-recovery') return undefined;
  const found = (what: string, fact: Fact): OpenQuestion => ({
    code: 'non-recovery-contradicted',
    text: `assessed as non-recovery, and ${what} on ${dateOf(fact)}: correct the assessment, or that record`,
    records: [actual.record, fact.holder],
  });
  const awake = course.facts.find(({ type }) => AWAKE.has(type));
  if (awake) return found('tested awake', awake);
  const { first, end } = use;
  if (!end) return undefined;
  if (fate.value !== null && ALIVE.has(fate.value.kind)) return found(fate.value.kind.replace('-', ' '), end);
  if (first && end.at - first.at > DAY_MS) return found('alive until its end', end);
  return undefined;
}

const ALIVE: ReadonlySet<string> = new Set(['kept-alive', 'released', 'rehomed']);

function dateOf({ time }: Fact): string {
  return time.slice(0, 10);
}
