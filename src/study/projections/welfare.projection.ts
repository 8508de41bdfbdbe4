import { baseValue } from '../quantity.js';
import type { Protocol } from '../protocol.js';
import { reaches } from '../rules/verdict.js';
import type { FactType } from '../events.js';
import { factsOf, type Fact } from '../study.js';
import type { Projection, View } from './projection.js';
import { flagsOf } from './unsupported.js';

type Severity = 'mild' | 'moderate' | 'severe';
const SEVERITIES: readonly Severity[] = ['mild', 'moderate', 'severe'];

export interface WeightPoint {
  readonly record: number;
  readonly occurredAt: string;
  readonly grams: number;
  /** Of the heaviest weight until then, so that growth does not hide a loss. */
  readonly lossPercent: number;
}

export interface WelfareRecord {
  readonly subject: string;
  readonly procedures: readonly {
    record: number;
    type: string;
    occurredAt: string;
    flags: readonly string[];
  }[];
  readonly weights: readonly WeightPoint[];
  readonly scores: readonly {
    record: number;
    occurredAt: string;
    total: number;
    scores: Record<string, number>;
    severity: Severity | null;
    action: string | null;
  }[];
  readonly adverseEvents: readonly {
    record: number;
    occurredAt: string;
    severity: Severity;
    expected: boolean;
    description: string;
  }[];
  /** Endpoints of the protocol that were reached, with the record that reached them. */
  readonly endpoints: readonly { id: string; description: string; record: number; occurredAt: string }[];
  /** The highest graded observation; a proposal, which a person confirms or changes. Null where nothing was graded. */
  readonly proposedSeverity: { severity: Severity; evidence: readonly number[] } | null;
  readonly death: { record: number; occurredAt: string; method: string; cause: string } | null;
}

const PROCEDURES: readonly FactType[] = [
  'NerveLigated',
  'ElectrodeImplanted',
  'CatheterImplanted',
  'KetamineAdministered',
  'SCSApplied',
];

/** What each animal went through. */
export const welfare: Projection<{ subjects: WelfareRecord[] }> = {
  name: 'welfare',
  summary:
    'Per animal: procedures, scores, weights against the maximum, endpoints reached, proposed severity',
  project: (view) => ({ subjects: view.animals().map(({ id, history }) => welfareOf(view, id, history)) }),
};

function welfareOf(view: View, subject: string, history: readonly Fact[]): WelfareRecord {
  const protocol = view.protocols.versions.at(-1)?.protocol;
  const weights = weightsOf(history);
  const scores = factsOf(history, 'WelfareScored').map((fact) => {
    const total = fact.data.scores.reduce((sum, { score }) => sum + score, 0);
    return {
      record: fact.holder,
      occurredAt: fact.time,
      total,
      scores: Object.fromEntries(fact.data.scores.map(({ item, score }) => [item, score])),
      severity: worst([fact.data.severity, gradeOf(total, view.protocols.of(fact))]),
      action: fact.data.action ?? null,
    };
  });
  const adverseEvents = factsOf(history, 'AdverseEventReported').map(({ holder, time, data }) => ({
    record: holder,
    occurredAt: time,
    severity: data.severity,
    expected: data.expected,
    description: data.description,
  }));
  const death = factsOf(history, 'SubjectEuthanised')[0];
  return {
    subject,
    procedures: history
      .filter(({ type }) => PROCEDURES.includes(type))
      .map((fact) => ({
        record: fact.holder,
        type: fact.type,
        occurredAt: fact.time,
        flags: flagsOf(fact, history),
      })),
    weights,
    scores,
    adverseEvents,
    endpoints: protocol ? endpointsOf(protocol, weights, scores) : [],
    proposedSeverity: proposed([...scores, ...adverseEvents]),
    death: death
      ? { record: death.holder, occurredAt: death.time, method: death.data.method, cause: death.data.cause }
      : null,
  };
}

function weightsOf(history: readonly Fact[]): WeightPoint[] {
  let heaviest = 0;
  const points: WeightPoint[] = [];
  for (const fact of history) {
    const weight = weightIn(fact);
    if (!weight) continue;
    const grams = baseValue(weight);
    heaviest = Math.max(heaviest, grams);
    points.push({
      record: fact.holder,
      occurredAt: fact.time,
      grams,
      lossPercent: (100 * (heaviest - grams)) / heaviest,
    });
  }
  return points;
}

function weightIn(fact: Fact): { value: string; unit: string } | undefined {
  if (fact.type === 'BodyWeightRecorded') return (fact as Fact<'BodyWeightRecorded'>).data.weight;
  return fact.type === 'SubjectEnrolled' ? (fact as Fact<'SubjectEnrolled'>).data.bodyWeight : undefined;
}

function endpointsOf(
  protocol: Protocol,
  weights: readonly WeightPoint[],
  scores: readonly { record: number; occurredAt: string; total: number }[],
): WelfareRecord['endpoints'][number][] {
  return protocol.welfare.endpoints.flatMap(({ id, description, weightLossPercent, totalScore }) => [
    ...weights
      .filter(
        ({ lossPercent }) =>
          weightLossPercent !== undefined && reaches(lossPercent, Number(weightLossPercent)),
      )
      .map(({ record, occurredAt }) => ({ id, description, record, occurredAt })),
    ...scores
      .filter(({ total }) => totalScore !== undefined && total >= totalScore)
      .map(({ record, occurredAt }) => ({ id, description, record, occurredAt })),
  ]);
}

/** The grade that the protocol's own scheme gives to a total. */
function gradeOf(total: number, protocol: Protocol): Severity | undefined {
  const grades = (protocol.welfare.grades ?? []).filter(({ atLeast }) => total >= atLeast);
  return worst(grades.map(({ severity }) => severity)) ?? undefined;
}

function proposed(
  graded: readonly { record: number; severity: Severity | null }[],
): WelfareRecord['proposedSeverity'] {
  const severity = worst(graded.map((observation) => observation.severity));
  if (severity === null) return null;
  const evidence = graded
    .filter((observation) => observation.severity === severity)
    .map(({ record }) => record);
  return { severity, evidence: evidence.sort((a, b) => a - b) };
}

function worst(severities: readonly (Severity | null | undefined)[]): Severity | null {
  return SEVERITIES.findLast((severity) => severities.includes(severity)) ?? null;
}
