import type { EventData, EventType, FactType } from '../../events/events.js';
import { MINUTE, instantMs } from '../../instant.js';
import { baseValue, sharedBaseUnit } from '../../quantity.js';
import { isOf, type StudyRecord } from '../../record.js';
import { isTimeAssumed } from '../../rules/elapsed.js';
import { isPlainObject } from '../../schema.js';
import { factNumbered, withoutFact, type Fact, type Study } from '../../study.js';

/** A fact as a command or a correction would state it. */
interface Stated {
  readonly type: EventType;
  readonly subject: string | undefined;
  readonly at: number;
  readonly data: EventData;
  /** Whether its time was assumed by an import. */
  readonly isTimeAssumed: boolean;
}

/** An effective record of the same thing at the same instant. */
interface OtherRecord {
  /** The same facts again, or other ones. */
  readonly code: 'same-as' | 'contradicts';
  /** The record that states them now. */
  readonly number: number;
}

type Data = Readonly<Record<string, unknown>>;

/**
 * The facts of which an animal has one at an instant, with the members that say of what: the paw of a run, the nerve of a
 * ligation. Facts of other types are never compared.
 */
const ONE_AT_A_TIME: { readonly [T in FactType]?: readonly (keyof EventData<T>)[] } = {
  ThresholdRecorded: ['paw'],
  MeasurementRecorded: ['assay', 'site'],
  MotorThresholdDetermined: [],
  BodyWeightRecorded: [],
  WelfareScored: ['sheet'],
  SideEffectsScored: ['scale'],
  KetamineAdministered: [],
  SubstanceAdministered: ['substance'],
  SCSApplied: [],
  NerveLigated: ['side', 'nerve'],
  ModelInduced: ['kind', 'side', 'site'],
  ElectrodeImplanted: [],
  CatheterImplanted: [],
};

/** Who saw it and with what does not make it another fact. */
const BESIDE_THE_FACT: ReadonlySet<string> = new Set([
  'flags',
  'enteredAt',
  'struck',
  'observedBy',
  'blinded',
  'instrument',
  'kit',
  'comment',
]);

/** Members that name a record. */
const REFERENCES: readonly string[] = ['session', 'after', 'follows'];

/**
 * The record that a fact repeats or contradicts: the same animal, type, place and instant. One with the same facts is found
 * first. A study that is given to decide a correction is one without its target.
 */
export function findOtherRecord(study: Study, stated: Stated): OtherRecord | undefined {
  const place: readonly string[] | undefined = (ONE_AT_A_TIME as Record<string, readonly string[]>)[
    stated.type
  ];
  const facts = study.subjects.get(stated.subject ?? '')?.facts;
  if (!place || !facts) return undefined;
  let contradicted: Fact | undefined;
  for (let index = facts.firstIndex(({ at }) => at >= stated.at); ; index++) {
    const fact = facts.at(index);
    if (fact?.at !== stated.at) break;
    if (fact.type !== stated.type || !place.every((name) => valueOf(fact, name) === valueOf(stated, name)))
      continue;
    const isAssumed = stated.isTimeAssumed || isTimeAssumed(fact);
    if (isAssumed && momentOf(study, fact) !== momentOf(study, stated)) continue;
    if (contentOf(study, fact) === contentOf(study, stated)) return { code: 'same-as', number: fact.holder };
    contradicted ??= fact;
  }
  return contradicted && { code: 'contradicts', number: contradicted.holder };
}

/**
 * The record that says the same of the same minute, at another second of it: a sheet tells minutes, and a clock seconds. That
 * alone does not make it the same fact, and nothing is flagged.
 */
export function findSameMinute(study: Study, record: StudyRecord): number | undefined {
  const { type, subject, time, data } = record;
  const facts = study.subjects.get(subject ?? '')?.facts;
  const at = instantMs(time);
  if (!Object.hasOwn(ONE_AT_A_TIME, type) || !facts || at === undefined) return undefined;
  const minute = Math.floor(at / MINUTE);
  for (let index = facts.firstIndex((fact) => fact.at >= minute * MINUTE); ; index++) {
    const fact = facts.at(index);
    if (!fact || Math.floor(fact.at / MINUTE) !== minute) return undefined;
    if (fact.at !== at && fact.type === type && contentOf(study, fact) === contentOf(study, { data }))
      return fact.holder;
  }
}

/** The record behind the flags `same-as`, `contradicts` and `looks-like` of a record, as of the study before it. */
export function findRecordBehindFlags(before: Study, record: StudyRecord): number | undefined {
  const study = isOf('RecordCorrected', record) ? withoutFact(before, record.data.target.number) : before;
  const stated = isOf('RecordCorrected', record)
    ? {
        type: record.data.corrects as EventType,
        data: record.data.corrected as EventData,
        ...aboutOf(record.data),
      }
    : {
        type: record.type,
        data: record.data,
        ...aboutOf({ subject: record.subject, occurredAt: record.time }),
      };
  if (stated.type === 'SubjectEnrolled') {
    const [alike = ''] = study.subjects.like(stated.subject ?? '');
    return study.subjects.get(alike)?.enrolled?.holder;
  }
  return findOtherRecord(study, { ...stated, isTimeAssumed: isTimeAssumed(stated) })?.number;
}

function aboutOf({ subject, occurredAt }: { subject?: string | undefined; occurredAt: string }) {
  return { subject, at: instantMs(occurredAt) ?? 0 };
}

function valueOf({ data }: Pick<Stated, 'data'>, name: string): unknown {
  return (data as Data)[name];
}

/** To which session and minute it belongs: with a time that was assumed, these say when it was. */
function momentOf(study: Study, { data }: Pick<Stated, 'data'>): string {
  return textOf(
    study,
    Object.entries(data).filter(([name]) => name === 'minute' || REFERENCES.includes(name)),
  );
}

function contentOf(study: Study, { data }: Pick<Stated, 'data'>): string {
  return textOf(
    study,
    Object.entries(data).filter(([name]) => !BESIDE_THE_FACT.has(name)),
  );
}

/** Text that is the same for the same members: quantities by what they measure, and records by what they state. */
function textOf(study: Study, members: readonly [name: string, value: unknown][]): string {
  const told = members
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, REFERENCES.includes(name) ? namedBy(study, value) : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(told, (_, value: unknown) => (isPlainObject(value) ? measuredBy(value) : value));
}

/** A session that was itself recorded twice is one session. */
function namedBy(study: Study, number: unknown): unknown {
  const fact = factNumbered(study, number as number);
  return fact ? [fact.type, fact.at] : number;
}

function measuredBy(value: Data): unknown {
  const { value: digits, unit } = value;
  const base = typeof digits === 'string' && typeof unit === 'string' ? sharedBaseUnit([unit]) : undefined;
  return base === undefined ? value : [baseValue(value as { value: string; unit: string }), base];
}
