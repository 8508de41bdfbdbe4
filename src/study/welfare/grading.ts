import type { Static } from 'typebox';
import type { Protocol } from '../protocol.js';
import type { ProcedureKind } from '../protocol/welfare.js';
import { reaches } from '../rules/verdict.js';
import type { ActualSeverity, Severity as SeverityWord } from '../schema.js';
import type { Fact, Protocols } from '../study.js';
import type { Course } from './course.js';
import { procedureOf } from './animal-use.js';
import { totalOf } from './score-sheet.js';

export type Severity = Static<typeof SeverityWord>;
export type ActualSeverity = Static<typeof ActualSeverity>;

const SEVERITIES: readonly Severity[] = ['mild', 'moderate', 'severe'];

/** An observation that has a severity: as its observer graded it, or as the protocol's own scheme does. */
export interface Graded {
  readonly record: number;
  readonly severity: Severity;
  readonly what: 'score' | 'weight' | 'event' | 'procedure';
}

/** Every graded observation of one animal, oldest first within each kind. */
export function gradedObservations(course: Course, protocols: Protocols): Graded[] {
  const ruled = protocols.versions.length > 0;
  const graded: Graded[] = [];
  const add = (fact: Fact, what: Graded['what'], severity: Severity | null): void => {
    if (severity !== null) graded.push({ record: fact.holder, severity, what });
  };
  for (const fact of course.facts) {
    if (fact.type === 'WelfareScored') {
      add(
        fact,
        'score',
        severityOfScore(fact as Fact<'WelfareScored'>, ruled ? protocols.of(fact) : undefined),
      );
    } else if (fact.type === 'AdverseEventReported') {
      add(fact, 'event', (fact as Fact<'AdverseEventReported'>).data.severity);
    } else if (ruled) {
      const kind = procedureOf(fact);
      if (kind) add(fact, 'procedure', severityOfProcedure(kind, protocols.of(fact)));
    }
  }
  if (!ruled) return graded;
  for (const { fact, lossPercent } of course.weighings) {
    add(fact, 'weight', severityOfLoss(lossPercent, protocols.of(fact)));
  }
  return graded;
}

/** The worse of what the observer says and what the protocol's scheme gives to the sheet. */
export function severityOfScore(
  { data }: Fact<'WelfareScored'>,
  protocol: Protocol | undefined,
): Severity | null {
  const grades = (protocol?.welfare.grades ?? []).filter(({ atLeast, item }) =>
    item === undefined
      ? totalOf(data.scores) >= atLeast
      : data.scores.some((score) => score.item === item && score.score >= atLeast),
  );
  return worst([data.severity, ...grades.map(({ severity }) => severity)]);
}

function severityOfProcedure(kind: Static<typeof ProcedureKind>, { welfare }: Protocol): Severity | null {
  const grades = (welfare.procedureGrades ?? []).filter(({ procedure }) => procedure === kind);
  return worst(grades.map(({ severity }) => severity));
}

function severityOfLoss(lossPercent: number, { welfare }: Protocol): Severity | null {
  const grades = (welfare.weightGrades ?? []).filter((grade) =>
    reaches(lossPercent, Number(grade.lossPercent)),
  );
  return worst(grades.map(({ severity }) => severity));
}

/** A proposal, which a person confirms or changes; null where nothing was graded. */
export interface Proposed {
  readonly severity: Severity;
  readonly evidence: readonly number[];
}

/** The highest graded observation, with the records that reach it. */
export function proposedSeverity(graded: readonly Graded[]): Proposed | null {
  const severity = worst(graded.map((observation) => observation.severity));
  if (severity === null) return null;
  const evidence = graded.filter((one) => one.severity === severity).map(({ record }) => record);
  return { severity, evidence: [...new Set(evidence)].sort((a, b) => a - b) };
}

export function worst(severities: readonly (Severity | null | undefined)[]): Severity | null {
  return SEVERITIES.findLast((severity) => severities.includes(severity)) ?? null;
}

/** Whether the first is worse. Non-recovery and sub-threshold are below mild. */
export function isWorse(a: ActualSeverity, b: ActualSeverity): boolean {
  return rank(a) > rank(b);
}

function rank(severity: ActualSeverity): number {
  return SEVERITIES.indexOf(severity as Severity);
}
