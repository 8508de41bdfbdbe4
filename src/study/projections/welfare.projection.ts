import type { FactType } from '../events/events.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import { Course } from '../welfare/course.js';
import type { ReachedEndpoint } from '../welfare/endpoints.js';
import { severityOfScore, type Proposed, type Severity } from '../welfare/grading.js';
import { totalOf } from '../welfare/score-sheet.js';
import { useRecordInSteps } from '../welfare/derive-use-record.js';
import type { UseRecord } from '../welfare/animal-use-record.js';
import type { WeightPoint } from '../welfare/weights.js';
import { defineProjection, type View } from './projection.js';
import { Support } from './unsupported.js';

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
  'ModelInduced',
  'ElectrodeImplanted',
  'CatheterImplanted',
  'KetamineAdministered',
  'SubstanceAdministered',
  'SCSApplied',
];

/** What each animal went through. */
export const welfare = defineProjection(
  'welfare',
  'Per animal: procedures, scores, weights against the maximum, endpoints reached, severity proposed and assessed, fate, open questions',
  function* (view): Steps<{ subjects: WelfareRecord[] }> {
    const subjects: WelfareRecord[] = [];
    for (const { id, history } of view.animals()) subjects.push(yield* welfareOf(view, id, history));
    return { subjects };
  },
);

function asPoint({ record, occurredAt, grams, lossPercent }: WeightPoint): WeightPoint {
  return { record, occurredAt, grams, lossPercent };
}

function* welfareOf(view: View, subject: string, history: readonly Fact[]): Steps<WelfareRecord> {
  const course = new Course(history);
  const { protocols } = view;
  const support = new Support(history, protocols);
  yield;
  const use = yield* useRecordInSteps(view.study, protocols, subject, course, view.untilMs);
  yield;
  const death = course.of('SubjectEuthanised')[0];
  const isRuled = protocols.versions.length > 0;
  return {
    subject,
    procedures: history
      .filter(({ type }) => PROCEDURES.includes(type))
      .map((fact) => ({
        record: fact.holder,
        type: fact.type,
        occurredAt: fact.time,
        flags: support.flagsOf(fact),
      })),
    weights: course.weighings.map(asPoint),
    scores: course.of('WelfareScored').map((fact) => ({
      record: fact.holder,
      occurredAt: fact.time,
      total: totalOf(fact.data.scores),
      scores: Object.fromEntries(fact.data.scores.map(({ item, score }) => [item, score])),
      severity: severityOfScore(fact, isRuled ? protocols.of(fact) : undefined),
      action: fact.data.action ?? null,
    })),
    adverseEvents: course.of('AdverseEventReported').map(({ holder, time, data }) => ({
      record: holder,
      occurredAt: time,
      severity: data.severity,
      expected: data.expected,
      description: data.description,
    })),
    endpoints: use.humaneEndpoints.reached,
    proposedSeverity: use.severity.proposed,
    use,
    death: death
      ? { record: death.holder, occurredAt: death.time, method: death.data.method, cause: death.data.cause }
      : null,
  };
}
