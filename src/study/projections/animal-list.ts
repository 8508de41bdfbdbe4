import { doseSize } from '../dose.js';
import { inductionOf } from '../rules/induction.js';
import { isScored, measure } from '../rules/measured-run.js';
import type { Interval } from '../rules/threshold.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import { Course } from '../welfare/course.js';
import { gradedObservations, proposedSeverity, type ActualSeverity } from '../welfare/grading.js';
import type { WeightPoint } from '../welfare/weights.js';
import type { View } from './projection.js';
import { responderStatus, type ResponderStatus } from './responder-status.projection.js';

/** An animal as one line among many. */
export interface ListedAnimal {
  readonly id: string;
  readonly sex: string | null;
  readonly state: AnimalState;
  /** Undefined where there is no protocol, and so no rule. */
  readonly status: ResponderStatus | undefined;
  /** Of the ipsilateral paw, log10(10,000 · g), oldest first. */
  readonly thresholds: readonly Interval[];
  /** How many of these were measured before day 0; undefined where there is none. */
  readonly beforeInduction: number | undefined;
  /** The designated dose in the base of its unit (µg, µg/kg, nmol …), for an order. */
  readonly doseSize: number | null;
  readonly weights: readonly WeightPoint[];
  readonly severity: { readonly word: ActualSeverity; readonly assessed: boolean } | null;
}

export type AnimalState = 'active' | 'excluded' | 'ended';

/** Every animal of a study, in order of the identifiers. */
export function* listAnimals(view: View): Steps<ListedAnimal[]> {
  const { subjects } = yield* responderStatus.steps(view);
  const statuses = new Map(subjects.map((status) => [status.subject, status]));
  const listed: ListedAnimal[] = [];
  for (const { id, history } of view.animals()) {
    listed.push(listAnimal(view, id, history, statuses.get(id)));
    yield;
  }
  return listed;
}

function listAnimal(
  view: View,
  id: string,
  history: readonly Fact[],
  status: ResponderStatus | undefined,
): ListedAnimal {
  const course = new Course(history);
  const [enrolled] = course.of('SubjectEnrolled');
  const induction = inductionOf(history, view.protocols);
  const runs = course.of('ThresholdRecorded').filter(({ data }) => data.paw === 'ipsilateral');
  const scored = status ? runs.map((fact) => measure(fact, view.protocols)).filter(isScored) : [];
  const dose = course.of('SubEffectiveDoseDesignated').at(-1)?.data.dose;
  return {
    id,
    sex: enrolled?.data.sex ?? null,
    state: stateIn(course),
    status,
    thresholds: scored.map(({ log }) => log),
    beforeInduction: induction && scored.filter(({ fact }) => fact.at < induction.at).length,
    doseSize: dose ? doseSize(dose) : null,
    weights: course.weighings,
    severity: severityOf(view, course),
  };
}

function stateIn(course: Course): AnimalState {
  if (course.of('SubjectExcluded').length > 0) return 'excluded';
  return course.of('SubjectEuthanised').length + course.of('FateRecorded').length > 0 ? 'ended' : 'active';
}

/** As a person assessed it, otherwise as the graded observations propose it. */
function severityOf({ protocols }: View, course: Course): ListedAnimal['severity'] {
  const [assessed] = course.of('SeverityAssessed');
  if (assessed) return { word: assessed.data.severity, assessed: true };
  const proposed = proposedSeverity(gradedObservations(course, protocols));
  return proposed && { word: proposed.severity, assessed: false };
}
