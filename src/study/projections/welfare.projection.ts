import type { FactType } from '../events/events.js';
import { factsOf, type Fact } from '../study.js';
import { Course } from '../welfare/course.js';
import { endpointsOf, type ReachedEndpoint } from '../welfare/endpoints.js';
import {
  gradedObservations,
  proposedSeverity,
  severityOfScore,
  totalOf,
  type Proposed,
  type Severity,
} from '../welfare/grading.js';
import { useRecordOf } from '../welfare/derive-use-record.js';
import type { UseRecord } from '../welfare/use-record.js';
import type { WeightPoint } from '../welfare/weights.js';
import type { Projection, View } from './projection.js';
import { flagsOf } from './unsupported.js';

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
  readonly endpoints: readonly ReachedEndpoint[];
  /** The highest graded observation; a proposal, which a person confirms or changes. Null where nothing was graded. */
  readonly proposedSeverity: Proposed | null;
  /** The same animal as a welfare return needs it, every value with the records it rests on. */
  readonly use: UseRecord;
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
    'Per animal: procedures, scores, weights against the maximum, endpoints reached, severity proposed and assessed, fate, open questions',
  project: (view) => ({ subjects: view.animals().map(({ id, history }) => welfareOf(view, id, history)) }),
};

function asPoint({ record, occurredAt, grams, lossPercent }: WeightPoint): WeightPoint {
  return { record, occurredAt, grams, lossPercent };
}

function welfareOf(view: View, subject: string, history: readonly Fact[]): WelfareRecord {
  const course = new Course(history);
  const ruled = view.protocols.versions.length > 0;
  const weights = course.weighings.map(asPoint);
  const scores = factsOf(history, 'WelfareScored').map((fact) => {
    return {
      record: fact.holder,
      occurredAt: fact.time,
      total: totalOf(fact.data.scores),
      scores: Object.fromEntries(fact.data.scores.map(({ item, score }) => [item, score])),
      severity: severityOfScore(fact, ruled ? view.protocols.of(fact) : undefined),
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
    endpoints: endpointsOf(course, view.protocols),
    proposedSeverity: proposedSeverity(gradedObservations(course, view.protocols)),
    use: useRecordOf(view.study, view.protocols, subject, history, view.untilMs),
    death: death
      ? { record: death.holder, occurredAt: death.time, method: death.data.method, cause: death.data.cause }
      : null,
  };
}
