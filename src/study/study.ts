import { AppendList } from './append-list.js';
import type { EventData, FactType } from './events.js';
import { instantMs } from './instant.js';
import type { Protocol } from './protocol.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from './record.js';

/**
 * The study: what a prefix of its records says, after corrections and voids. A pure fold; the value for n records stays
 * valid and unchanged when later ones are folded. It is total: effective history may break every rule that deciding
 * enforces, since a void can take away what later records rest on.
 */
export interface Study {
  readonly code: string;
  /** Number of records folded: the as-of coordinate. */
  readonly size: number;
  readonly records: AppendList<StoredStudyRecord>;
  /** Facts about the whole study, in order of (occurredAt, number). */
  readonly facts: AppendList<Fact>;
  readonly subjects: ReadonlyMap<string, Subject>;
  /** Record number → the later record that replaced or withdrew it. */
  readonly supersededBy: ReadonlyMap<number, number>;
  /** Original record number → the corrections in force, oldest first. Only for what was ever corrected. */
  readonly corrections: ReadonlyMap<number, readonly number[]>;
  /** When the last record was written, ms: no later one is written earlier. */
  readonly recordedMs: number;
}

export interface Subject {
  readonly id: string;
  /** Effective facts in order of (occurredAt, number). */
  readonly facts: AppendList<Fact>;
}

/** One effective fact: the record that first stated it, with the content that holds now. */
export interface Fact<T extends FactType = FactType> {
  /** Of the record that first stated it; other records name it by this number. */
  readonly number: number;
  /** Of the record that holds now: the first, or its latest correction. Evidence cites this one. */
  readonly holder: number;
  readonly type: T;
  readonly subject: string | undefined;
  readonly time: string;
  readonly at: number;
  readonly protocolVersion: number | undefined;
  readonly data: EventData<T>;
}

/** A record type that this version does not know stops a fold: guessing its meaning would falsify every answer. */
export class UnknownRecordType extends Error {
  constructor(
    readonly number: number,
    readonly type: string,
  ) {
    super(
      `record ${number} has the type ${type}, which this version of Study Ledger does not know; use a newer one`,
    );
  }
}

export function emptyStudy(code: string): Study {
  return {
    code,
    size: 0,
    records: AppendList.EMPTY,
    facts: AppendList.EMPTY,
    subjects: new Map(),
    supersededBy: new Map(),
    corrections: new Map(),
    recordedMs: 0,
  };
}

type Draft = { -readonly [K in keyof Study]: Study[K] } & {
  subjects: Map<string, Subject>;
  supersededBy: Map<number, number>;
  corrections: Map<number, readonly number[]>;
};

function draftOf(study: Study): Draft {
  return {
    ...study,
    subjects: new Map(study.subjects),
    supersededBy: new Map(study.supersededBy),
    corrections: new Map(study.corrections),
  };
}

/** Folds further records into a study; the study given stays as it is. */
export function fold(study: Study, records: Iterable<StoredStudyRecord>): Study {
  const draft = draftOf(study);
  for (const stored of records) {
    draft.records = draft.records.append(stored);
    draft.size = stored.number + 1;
    draft.recordedMs = instantMs(stored.record.recordedtime) ?? draft.recordedMs;
    evolve(draft, stored);
  }
  return draft;
}

/** The study as it was known at an earlier tree size. */
export function studyAt(study: Study, size: number): Study {
  if (size === study.size) return study;
  const prefix = study.records.toArray().slice(0, size);
  return fold(emptyStudy(study.code), prefix);
}

function evolve(draft: Draft, { number, record }: StoredStudyRecord): void {
  switch (record.type) {
    case 'StudyOpened':
    case 'ProtocolApproved':
    case 'ProtocolAmended':
    case 'StudyClosed':
    case 'DeviationAcknowledged':
    case 'SubjectEnrolled':
    case 'BodyWeightRecorded':
    case 'SubjectExcluded':
    case 'SubjectEuthanised':
    case 'NerveLigated':
    case 'ElectrodeImplanted':
    case 'CatheterImplanted':
    case 'ThresholdRecorded':
    case 'MotorThresholdDetermined':
    case 'SCSApplied':
    case 'KetamineAdministered':
    case 'SideEffectsScored':
    case 'SubEffectiveDoseDesignated':
    case 'WelfareScored':
    case 'AdverseEventReported':
      return addFact(draft, statedFact(number, record as StudyRecord<FactType>));
    case 'RecordCorrected':
      return correct(draft, number, record as StudyRecord<'RecordCorrected'>);
    case 'RecordVoided':
      return withdraw(draft, number, record as StudyRecord<'RecordVoided'>);
    default:
      record.type satisfies never;
      throw new UnknownRecordType(number, record.type);
  }
}

function correct(draft: Draft, number: number, { data }: StudyRecord<'RecordCorrected'>): void {
  const target = data.target.number;
  if (!draft.records.at(target)) return;
  draft.supersededBy.set(data.replaces.number, number);
  draft.corrections.set(target, [...(draft.corrections.get(target) ?? []), number]);
  removeFact(draft, target);
  addFact(draft, heldFact(draft, target));
}

/** Withdraws a fact, or a correction of it, which lets what the correction had replaced hold again. */
function withdraw(draft: Draft, number: number, { data }: StudyRecord<'RecordVoided'>): void {
  const stored = draft.records.at(data.target.number);
  if (!stored) return;
  if (isOf('RecordCorrected', stored.record)) {
    const target = stored.record.data.target.number;
    const rest = (draft.corrections.get(target) ?? []).filter((c) => c !== stored.number);
    draft.corrections.set(target, rest);
    draft.supersededBy.set(stored.number, number);
    draft.supersededBy.delete(rest.at(-1) ?? target);
    removeFact(draft, target);
    addFact(draft, heldFact(draft, target));
    return;
  }
  draft.supersededBy.set(draft.corrections.get(stored.number)?.at(-1) ?? stored.number, number);
  removeFact(draft, stored.number);
}

/** The fact that a record states by itself. */
function statedFact<T extends FactType>(number: number, record: StudyRecord<T>): Fact<T> {
  return {
    number,
    holder: number,
    type: record.type,
    subject: record.subject,
    time: record.time,
    at: instantMs(record.time) ?? 0,
    protocolVersion: record.protocolversion,
    data: record.data,
  };
}

/** The fact as the latest correction in force states it, or as first stated where none is. */
function heldFact(draft: Draft, target: number): Fact {
  const original = statedFact(target, draft.records.at(target)?.record as StudyRecord<FactType>);
  const holder = draft.corrections.get(target)?.at(-1);
  if (holder === undefined) return original;
  const { data } = draft.records.at(holder)?.record as StudyRecord<'RecordCorrected'>;
  return {
    ...original,
    holder,
    subject: data.subject,
    time: data.occurredAt,
    at: instantMs(data.occurredAt) ?? 0,
    data: data.corrected as EventData<FactType>,
  };
}

function addFact(draft: Draft, fact: Fact): void {
  if (fact.subject === undefined) {
    draft.facts = inserted(draft.facts, fact);
    return;
  }
  const facts = draft.subjects.get(fact.subject)?.facts ?? AppendList.EMPTY;
  draft.subjects.set(fact.subject, { id: fact.subject, facts: inserted(facts, fact) });
}

function inserted(facts: AppendList<Fact>, fact: Fact): AppendList<Fact> {
  const last = facts.last;
  if (!last || happenedBefore(last, fact)) return facts.append(fact);
  const all = facts.toArray();
  const place = all.findIndex((other) => happenedBefore(fact, other));
  all.splice(place < 0 ? all.length : place, 0, fact);
  return AppendList.of(all);
}

function happenedBefore(a: Fact, b: Fact): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}

/** A subject whose last fact is gone is gone too: it had been entered by mistake. */
function removeFact(draft: Draft, number: number): void {
  const isOther = (fact: Fact): boolean => fact.number !== number;
  for (const subject of draft.subjects.values()) {
    const facts = subject.facts.toArray();
    const rest = facts.filter(isOther);
    if (rest.length === facts.length) continue;
    if (rest.length === 0) draft.subjects.delete(subject.id);
    else draft.subjects.set(subject.id, { id: subject.id, facts: AppendList.of(rest) });
    return;
  }
  draft.facts = AppendList.of(draft.facts.toArray().filter(isOther));
}

export function is<T extends FactType>(type: T): (fact: Fact) => fact is Fact<T> {
  return (fact): fact is Fact<T> => fact.type === type;
}

/** Effective facts of one type that had happened by an instant, oldest first. */
export function factsOf<T extends FactType>(facts: Iterable<Fact>, type: T, untilMs = Infinity): Fact<T>[] {
  const found: Fact<T>[] = [];
  for (const fact of facts) if (fact.type === type && fact.at <= untilMs) found.push(fact as Fact<T>);
  return found;
}

export interface ProtocolVersion {
  readonly version: number;
  readonly at: number;
  readonly holder: number;
  readonly protocol: Protocol;
}

/** Approved and amended protocols, in order of when each came into force. */
export class Protocols {
  readonly versions: readonly ProtocolVersion[];

  constructor(study: Study) {
    const found: ProtocolVersion[] = [];
    for (const fact of study.facts) {
      if (fact.type !== 'ProtocolApproved' && fact.type !== 'ProtocolAmended') continue;
      const { data, at, holder } = fact as Fact<'ProtocolApproved' | 'ProtocolAmended'>;
      found.push({ version: data.version, at, holder, protocol: data.protocol });
    }
    this.versions = found;
  }

  inForceAt(at: number): ProtocolVersion | undefined {
    return this.versions.findLast((version) => version.at <= at);
  }

  /** The version a fact was recorded under; the first one for what happened before there was any. */
  of(fact: Fact | undefined): Protocol {
    const pinned = this.versions.find(({ version }) => version === fact?.protocolVersion);
    const found = pinned ?? (fact ? this.versions[0] : this.versions.at(-1));
    if (!found) throw new RangeError('a study without a protocol has no rules');
    return found.protocol;
  }
}

export function isClosed(study: Study): boolean {
  return factsOf(study.facts, 'StudyClosed').length > 0;
}

/** The study as if one fact had never been stated: what a correction of it is decided on. */
export function without(study: Study, number: number): Study {
  const draft = draftOf(study);
  removeFact(draft, number);
  return draft;
}
