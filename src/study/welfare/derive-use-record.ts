import { formatQuantity } from '../quantity.js';
import { finish, type Steps } from '../steps.js';
import { isClosed, type Fact, type ProtocolVersion, type Protocols, type Study } from '../study.js';
import { assessmentOf } from './assessment.js';
import { Course } from './course.js';
import { endpointsOf } from './endpoints.js';
import { gradedObservations, proposedSeverity } from './grading.js';
import { totalOf } from './score-sheet.js';
import { monitoringOf } from './monitoring.js';
import { inconsistencies } from './inconsistencies.js';
import { openQuestions } from './open-questions.js';
import { proceduresOf } from './procedures.js';
import { useOf, type Use } from './animal-use.js';
import type {
  AdverseEvent,
  Cited,
  Enrolled,
  Fate,
  Intervention,
  Licence,
  UseRecord,
} from './animal-use-record.js';
import { usdaCategory } from './usda.js';

/** The use record of one animal, from its effective facts. */
export function useRecordOf(
  study: Study,
  protocols: Protocols,
  subject: string,
  history: readonly Fact[],
  untilMs = Infinity,
): UseRecord {
  return finish(useRecordInSteps(study, protocols, subject, new Course(history), untilMs));
}

export function* useRecordInSteps(
  study: Study,
  protocols: Protocols,
  subject: string,
  course: Course,
  untilMs: number,
): Steps<UseRecord> {
  const [enrolled] = course.of('SubjectEnrolled');
  const use = useOf(course, protocols);
  const graded = gradedObservations(course, protocols);
  yield;
  const [assessed] = course.of('SeverityAssessed');
  const licence = use.version?.protocol.licence;
  const monitoring = listMonitoring(course, use, Math.min(untilMs, study.recordedMs));
  yield;
  const reached = endpointsOf(course, protocols);
  yield;
  const known = {
    schema: 'welfare-use-record/1' as const,
    subject,
    animal: animalOf(enrolled),
    use: statedUse(enrolled, use, licence, protocols.versions.at(-1)),
    procedures: proceduresOf(course, protocols),
    monitoring,
    humaneEndpoints: {
      criteria: cite(
        use.version?.protocol.welfare.endpoints.map(({ description }) => description),
        use.version?.holder,
      ),
      reached,
    },
    adverseEvents: adverseEventsOf(course),
    severity: {
      prospective: cite(licence?.prospectiveSeverity, use.version?.holder),
      proposed: proposedSeverity(graded),
      actual: assessmentOf(assessed, graded, study),
      signature: 'unsigned' as const,
      usdaInternal: usdaCategory(course, use),
    },
    fate: fateOf(course),
    corrections: correctionsOf(course),
  };
  const questions = [...openQuestions(known, isClosed(study)), ...inconsistencies(known, course, use)];
  return { ...known, openQuestions: questions };
}

function cite<T>(value: T | undefined, ...records: (number | undefined)[]): Cited<T> {
  if (value === undefined) return { value: null, records: [] };
  return { value, records: records.filter((record) => record !== undefined) };
}

function animalOf(enrolled: Fact<'SubjectEnrolled'> | undefined): UseRecord['animal'] {
  const said = <K extends keyof Enrolled>(name: K): Cited<NonNullable<Enrolled[K]>> =>
    cite(enrolled?.data[name] as NonNullable<Enrolled[K]> | undefined, enrolled?.holder);
  const { identification } = enrolled?.data ?? {};
  return {
    species: said('species'),
    strain: said('strain'),
    sex: said('sex'),
    dateOfBirth: said('dateOfBirth'),
    placeOfBirth: said('placeOfBirth'),
    bredForProcedures: said('bredForProcedures'),
    supplier: said('supplier'),
    arrival: said('arrival'),
    identification: cite(
      identification && `${identification.method} ${identification.mark}`,
      enrolled?.holder,
    ),
    geneticStatus: said('geneticStatus'),
    newGeneticLine: said('newGeneticLine'),
  };
}

function statedUse(
  enrolled: Fact<'SubjectEnrolled'> | undefined,
  { first, end, used, endYear, version }: Use,
  licence: Licence | undefined,
  newest: ProtocolVersion | undefined,
): UseRecord['use'] {
  const stated = enrolled?.data.use;
  const previous = stated?.kind === 'reuse' ? stated.previousActualSeverity : undefined;
  return {
    enrolledOn: cite(enrolled && dateOf(enrolled), enrolled?.holder),
    used,
    startedOn: cite(first && dateOf(first), first?.holder),
    endedOn: cite(end && dateOf(end), end?.holder),
    reportYear: endYear,
    reuse: cite(stated && stated.kind === 'reuse', enrolled?.holder),
    previousActualSeverity: cite(previous, enrolled?.holder),
    project: cite(licence?.number, version?.holder),
    protocolVersion: cite(version?.version, version?.holder),
    legalType: cite(licence?.legalType, version?.holder),
    purpose: cite(licence?.purpose, version?.holder),
    legislation: cite(licence?.legislation, version?.holder),
    endangered: answerOf('endangered', version, newest),
    techniques: answerOf('techniques', version, newest),
  };
}

/** What the version in force said; where it is silent, what the newest one says: an answer is not a rule. */
function answerOf<K extends 'endangered' | 'techniques'>(
  name: K,
  inForce: ProtocolVersion | undefined,
  newest: ProtocolVersion | undefined,
): Cited<NonNullable<Licence[K]>> {
  const answering = [inForce, newest].find((version) => version?.protocol.licence?.[name] !== undefined);
  return cite(answering?.protocol.licence?.[name] as NonNullable<Licence[K]> | undefined, answering?.holder);
}

/** The day in the record's own offset. */
function dateOf({ time }: Fact): string {
  return time.slice(0, 10);
}

function listMonitoring(course: Course, use: Use, nowMs: number): UseRecord['monitoring'] {
  const scores = course.of('WelfareScored');
  const weights = course.weighings;
  const lightest = weights.reduce(
    (most, one) => (one.lossPercent > (most?.lossPercent ?? 0) ? one : most),
    weights[0],
  );
  const [highest] = scores
    .map((fact) => ({ fact, total: totalOf(fact.data.scores) }))
    .sort((a, b) => b.total - a.total);
  return {
    checks: monitoringOf(course, use, nowMs),
    scores: { value: scores.length, records: scores.map(({ holder }) => holder) },
    weights: { value: weights.length, records: weights.map(({ record }) => record) },
    maxWeightLossPercent: cite(lightest && Math.round(lightest.lossPercent * 10) / 10, lightest?.record),
    maxTotalScore: cite(highest?.total, highest?.fact.holder),
    interventions: interventionsOf(course),
  };
}

/** Recorded interventions, rescue doses, and the actions that score sheets and adverse events name. */
function interventionsOf(course: Course): Intervention[] {
  const found: Intervention[] = [];
  for (const fact of course.facts) {
    const place = { record: fact.holder, on: fact.time };
    if (fact.type === 'InterventionRecorded') {
      const { kind, description, agent, dose, route } = (fact as Fact<'InterventionRecorded'>).data;
      const words = [agent, dose, route, description].filter((part) => part !== undefined).join(', ');
      found.push({ ...place, kind, description: words || null });
    } else if (fact.type === 'SubstanceAdministered') {
      const { purpose, substance, dose, route } = (fact as Fact<'SubstanceAdministered'>).data;
      const description = `${substance}, ${formatQuantity(dose)}, ${route}`;
      if (purpose === 'rescue') found.push({ ...place, kind: 'rescue', description });
    } else if (fact.type === 'WelfareScored' || fact.type === 'AdverseEventReported') {
      const { action } = (fact as Fact<'WelfareScored' | 'AdverseEventReported'>).data;
      if (action !== undefined) found.push({ ...place, kind: 'action', description: action });
    }
  }
  return found;
}

function adverseEventsOf(course: Course): AdverseEvent[] {
  return course.of('AdverseEventReported').map(({ holder, time, data }) => ({
    record: holder,
    on: time,
    expected: data.expected,
    severity: data.severity,
    description: data.description,
    reportedTo: data.reportedTo ?? null,
  }));
}

/** The last fate that is recorded: killed, where it was kept alive first and killed later. */
function fateOf(course: Course): Cited<Fate> {
  const [killed] = course.of('SubjectEuthanised');
  const [fate] = course.of('FateRecorded');
  if (killed && !(fate?.data.fate === 'found-dead' && fate.at < killed.at)) {
    const { method, cause, confirmation, tissue } = killed.data;
    const value = {
      kind: 'killed' as const,
      on: dateOf(killed),
      method,
      cause,
      confirmation: confirmation ?? null,
      to: null,
      tissue: tissue !== undefined,
    };
    return { value, records: [...(fate ? [fate.holder] : []), killed.holder] };
  }
  if (!fate) return { value: null, records: [] };
  const { fate: kind, cause, to } = fate.data;
  const rest = { method: null, cause: cause ?? null, confirmation: null, to: to ?? null, tissue: false };
  return { value: { kind, on: dateOf(fate), ...rest }, records: [fate.holder] };
}

/** Facts that hold as a correction states them. */
function correctionsOf(course: Course): UseRecord['corrections'] {
  const records = course.facts.filter(({ number, holder }) => number !== holder).map(({ holder }) => holder);
  return { count: records.length, records: records.sort((a, b) => a - b) };
}
