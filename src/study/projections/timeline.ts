import type { FactType } from '../events/events.js';
import { instantMs, localDay } from '../instant.js';
import { isOf } from '../record.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import type { View } from './projection.js';

/** What a mark on a timeline stands for. */
export type MarkKind =
  | 'animal'
  | 'operation'
  | 'threshold'
  | 'stimulation'
  | 'dose'
  | 'weight'
  | 'score'
  | 'event'
  | 'decision'
  | 'correction';

export interface TimelineMark {
  readonly record: number;
  readonly kind: MarkKind;
}

/** A stretch of days in which something happened, or all days of a gap in which nothing did. Days since 1970. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly idle: boolean;
}

export interface Lane {
  /** The animal; null for facts about the study as a whole. */
  readonly subject: string | null;
  /** By the first day of the stretch, in the order in which things happened. */
  readonly marks: ReadonlyMap<number, readonly TimelineMark[]>;
}

export interface Timeline {
  readonly stretches: readonly Stretch[];
  readonly lanes: readonly Lane[];
  readonly count: number;
}

const KINDS: Readonly<Record<FactType, MarkKind>> = {
  StudyOpened: 'decision',
  ProtocolApproved: 'decision',
  ProtocolAmended: 'decision',
  StudyHandedOver: 'decision',
  DirectorReplaced: 'decision',
  ImportMappingSaved: 'decision',
  StudyClosed: 'decision',
  SubjectEnrolled: 'animal',
  SubjectExcluded: 'animal',
  SubjectEuthanised: 'animal',
  FateRecorded: 'animal',
  BodyWeightRecorded: 'weight',
  NerveLigated: 'operation',
  ModelInduced: 'operation',
  ElectrodeImplanted: 'operation',
  CatheterImplanted: 'operation',
  ThresholdRecorded: 'threshold',
  MeasurementRecorded: 'threshold',
  MotorThresholdDetermined: 'stimulation',
  SCSApplied: 'stimulation',
  KetamineAdministered: 'dose',
  SubstanceAdministered: 'dose',
  SideEffectsScored: 'score',
  WelfareScored: 'score',
  AdverseEventReported: 'event',
  InterventionRecorded: 'event',
  EndpointDecided: 'decision',
  SubEffectiveDoseDesignated: 'decision',
  SeverityAssessed: 'decision',
  EntryDiscarded: 'decision',
  DeviationRecorded: 'event',
  DeviationAcknowledged: 'decision',
  SignatureApplied: 'decision',
  RecordWitnessed: 'decision',
  TrailReviewed: 'decision',
  InspectionRecorded: 'decision',
  InspectionReported: 'decision',
  AttachmentAdded: 'decision',
  StudyReopened: 'decision',
  StudyArchived: 'decision',
};

/** No more columns of days; a longer time is taken in stretches of weeks, then of four weeks, then of years. */
const MOST_STRETCHES = 130;
const STRETCH_DAYS = [1, 7, 28, 364];

interface Placed extends TimelineMark {
  readonly subject: string | null;
  readonly day: number;
  readonly at: number;
}

/**
 * The facts of a study by animal and day, where they hold, at the time at which they happened; and every correction and
 * withdrawal at the time at which it was made. Days are those of the people who wrote them.
 */
export function* timelineOf(view: View, only?: string): Steps<Timeline> {
  const placed = (yield* marksOf(view)).filter(({ subject }) => only === undefined || subject === only);
  const stretches = stretchesOf(placed.map(({ day }) => day));
  const startOf = new Map<number, number>();
  for (const { first, last, idle } of stretches)
    if (!idle) for (let day = first; day <= last; day++) startOf.set(day, first);
  const lanes = new Map<string | null, Map<number, TimelineMark[]>>();
  yield;
  for (const { subject, day, record, kind } of placed) {
    const lane = lanes.get(subject) ?? new Map<number, TimelineMark[]>();
    lanes.set(subject, lane);
    const start = startOf.get(day)!;
    const there = lane.get(start);
    if (there) there.push({ record, kind });
    else lane.set(start, [{ record, kind }]);
  }
  return {
    stretches,
    lanes: [...lanes]
      .map(([subject, marks]) => ({ subject, marks }))
      .sort((a, b) => ((a.subject ?? '') < (b.subject ?? '') ? -1 : 1)),
    count: placed.length,
  };
}

function* marksOf(view: View): Steps<Placed[]> {
  const { study, untilMs } = view;
  const placed: Placed[] = [];
  const place = ({ type, subject, holder, time, at }: Fact): void => {
    if (at <= untilMs)
      placed.push({ record: holder, kind: KINDS[type], subject: subject ?? null, day: localDay(time), at });
  };
  for (const fact of study.facts) place(fact);
  for (const { history } of view.animals()) {
    for (const fact of history) place(fact);
    yield;
  }
  for (const { number, record } of study.records) {
    if (!isOf('RecordCorrected', record) && !isOf('RecordVoided', record)) continue;
    const at = instantMs(record.time) ?? 0;
    const about = record.subject ?? study.records.at(record.data.target.number)?.record.subject;
    if (at <= untilMs)
      placed.push({
        record: number,
        kind: 'correction',
        subject: about ?? null,
        day: localDay(record.time),
        at,
      });
  }
  return placed.sort((a, b) => a.at - b.at || a.record - b.record);
}

/** The days on which something happened, and between them the gaps, each as one. */
function stretchesOf(all: readonly number[]): Stretch[] {
  const days = [...new Set(all)].sort((a, b) => a - b);
  const [first] = days;
  if (first === undefined) return [];
  const startsBy = (length: number): number[] => [
    ...new Set(days.map((day) => first + Math.floor((day - first) / length) * length)),
  ];
  const length = STRETCH_DAYS.find((one) => startsBy(one).length <= MOST_STRETCHES) ?? STRETCH_DAYS.at(-1)!;
  const stretches: Stretch[] = [];
  for (const start of startsBy(length)) {
    const before = stretches.at(-1);
    if (before && start > before.last + 1)
      stretches.push({ first: before.last + 1, last: start - 1, idle: true });
    stretches.push({ first: start, last: start + length - 1, idle: false });
  }
  return stretches;
}
