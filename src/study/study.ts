import { countPassing } from './bisect.js';
import { AppendList } from './fold/append-list.js';
import { isEventType, type EventData, type FactType } from './events/events.js';
import { insertFact, indexOfFact, removeFact, factFromRecord, type Fact } from './events/fact.js';
import { instantMs } from './instant.js';
import type { Protocol } from './protocol.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from './record.js';
import { finish, type Steps } from './steps.js';
import { actsIn, type Acts } from './signatures/acts.js';
import type { Closure } from './signatures/closure.js';
import type { Directing } from './signatures/directing.js';
import { appliedIn, type Applied } from './signatures/applied.js';
import { Subject } from './fold/subject.js';
import { LotsDraft, type Lots } from './fold/lots.js';
import { SubjectsDraft, type Subjects } from './fold/subjects.js';

export { factsOf, type Fact } from './events/fact.js';
export type { Closure } from './signatures/closure.js';
export type { Directing } from './signatures/directing.js';
export type { Subject } from './fold/subject.js';

/**
 * The study as a prefix of its records states it, after corrections and voids. The fold is pure: the value for n records
 * does not change when later records are folded. It is total: a void can take away what later records rest on, so the
 * effective history may break every rule that `decide` enforces.
 * State and fold are read together, so they are one file, although it is long.
 */
export interface Study {
  readonly code: string;
  /** Number of records folded: the as-of coordinate. */
  readonly size: number;
  readonly records: AppendList<StoredStudyRecord>;
  /** Facts about the whole study, in order of (occurredAt, number). */
  readonly facts: AppendList<Fact>;
  readonly subjects: Subjects;
  readonly lots: Lots;
  /** Record number → the later record that replaced or withdrew it. */
  readonly supersededBy: ReadonlyMap<number, number>;
  /** Original record number → the corrections in force, oldest first. Only for what was ever corrected. */
  readonly corrections: ReadonlyMap<number, readonly number[]>;
  /** When the last record was written, ms: no later one is written earlier. */
  readonly recordedMs: number;
}

/** Thrown by a fold at a record type that this version does not know: every later answer could be wrong. */
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
    subjects: SubjectsDraft.none(),
    lots: LotsDraft.none(),
    supersededBy: new Map(),
    corrections: new Map(),
    recordedMs: 0,
  };
}

/** A study that is its owner's alone and may be changed in place; see `extend`. */
export type Draft = { -readonly [K in keyof Study]: Study[K] } & {
  readonly subjects: SubjectsDraft;
  readonly lots: LotsDraft;
  supersededBy: Map<number, number>;
  corrections: Map<number, readonly number[]>;
};

/** Folds further records into a study; the study given stays as it is. */
export function fold(study: Study, records: readonly StoredStudyRecord[]): Study {
  return extend(draftOf(study), records);
}

/** A copy for `extend`. One copy serves many records: the animals of the study are not copied for each. */
export function draftOf(study: Study): Draft {
  const { subjects, lots } = study as Draft;
  return { ...(study as Draft), subjects: subjects.copy(), lots: lots.copy() };
}

/** Folds further records into a draft, in place. Answers taken from the draft before are out of date afterwards. */
export function extend(draft: Draft, records: readonly StoredStudyRecord[]): Study {
  // These grow with every correction, so they are copied only where a record changes them.
  if (records.some(({ record: { type } }) => type === 'RecordCorrected' || type === 'RecordVoided')) {
    draft.supersededBy = new Map(draft.supersededBy);
    draft.corrections = new Map(draft.corrections);
  }
  return applyRecords(draft, records);
}

function applyRecords(draft: Draft, records: readonly StoredStudyRecord[]): Study {
  draft.records = draft.records.appendAll(records);
  for (const stored of records) {
    draft.size = stored.number + 1;
    applyRecord(draft, stored);
  }
  const recordedtime = records.at(-1)?.record.recordedtime;
  draft.recordedMs = (recordedtime && instantMs(recordedtime)) || draft.recordedMs;
  return draft;
}

/** The study as it was known at an earlier tree size. */
export function studyAt(study: Study, size: number): Study {
  return finish(studyInSteps(study, size));
}

const RECORDS_IN_A_STEP = 100;

export function* studyInSteps(study: Study, size: number): Steps<Study> {
  if (size === study.size) return study;
  const draft = draftOf(emptyStudy(study.code));
  const records = study.records.toArray(size);
  for (let from = 0; from < size; from += RECORDS_IN_A_STEP) {
    applyRecords(draft, records.slice(from, from + RECORDS_IN_A_STEP));
    yield;
  }
  return draft;
}

/** The study as if one fact had never been stated. A correction of the fact is decided on it. */
export function withoutFact(study: Study, number: number): Study {
  const draft = draftOf(study);
  replaceFact(draft, factNumbered(study, number), undefined);
  return draft;
}

function applyRecord(draft: Draft, { number, record }: StoredStudyRecord): void {
  switch (record.type) {
    case 'RecordCorrected':
      return applyCorrection(draft, number, record as StudyRecord<'RecordCorrected'>);
    case 'RecordVoided':
      return applyVoid(draft, number, record as StudyRecord<'RecordVoided'>);
    default:
      if (!isEventType(record.type)) throw new UnknownRecordType(number, record.type);
      return replaceFact(draft, undefined, factFromRecord(number, record as StudyRecord<FactType>));
  }
}

/** A correction of a withdrawn fact has no effect. */
function applyCorrection(draft: Draft, number: number, { data }: StudyRecord<'RecordCorrected'>): void {
  const target = data.target.number;
  const held = factNumbered(draft, target);
  if (!held) return;
  draft.supersededBy.set(held.holder, number);
  draft.corrections.set(target, [...(draft.corrections.get(target) ?? []), number]);
  replaceFact(draft, held, findHeldFact(draft, target));
}

/** Withdraws a fact, or a correction of it; in the second case the content before the correction holds again. */
function applyVoid(draft: Draft, number: number, { data }: StudyRecord<'RecordVoided'>): void {
  const named = draft.records.at(data.target.number);
  const isCorrection = named && isOf('RecordCorrected', named.record);
  const target = isCorrection ? named.record.data.target.number : data.target.number;
  const held = factNumbered(draft, target);
  if (!held) return;
  if (!isCorrection) {
    draft.supersededBy.set(held.holder, number);
    return replaceFact(draft, held, undefined);
  }
  const inForce = draft.corrections.get(target) ?? [];
  const place = inForce.indexOf(named.number);
  if (place < 0) return;
  draft.corrections.set(target, inForce.toSpliced(place, 1));
  draft.supersededBy.set(named.number, number);
  const [before, after] = [inForce[place - 1] ?? target, inForce[place + 1]];
  if (after === undefined) draft.supersededBy.delete(before);
  else draft.supersededBy.set(before, after);
  replaceFact(draft, held, findHeldFact(draft, target));
}

/** The fact that one record states, whether it still holds or not; undefined for a void. */
export function findStatedFact(study: Study, number: number): Fact | undefined {
  const record = study.records.at(number)?.record;
  if (!record || isOf('RecordVoided', record)) return undefined;
  if (!isOf('RecordCorrected', record)) return factFromRecord(number, record as StudyRecord<FactType>);
  const { target, subject, occurredAt, corrected } = record.data;
  const original = study.records.at(target.number)?.record;
  if (!original || isOf('RecordCorrected', original) || isOf('RecordVoided', original)) return undefined;
  return {
    number: target.number,
    holder: number,
    type: original.type as FactType,
    subject,
    time: occurredAt,
    at: instantMs(occurredAt) ?? 0,
    protocolVersion: original.protocolversion,
    data: corrected as EventData<FactType>,
  };
}

/** The fact as the latest correction in force states it, or as first stated where none is. */
function findHeldFact(study: Study, number: number): Fact | undefined {
  return findStatedFact(study, study.corrections.get(number)?.at(-1) ?? number);
}

/** The effective fact that a record first stated; undefined where it was withdrawn, or states none of its own. */
export function factNumbered(study: Study, number: number): Fact | undefined {
  const held = findHeldFact(study, number);
  if (held?.number !== number) return undefined;
  const facts = held.subject === undefined ? study.facts : study.subjects.get(held.subject)?.facts;
  const found = facts?.at(indexOfFact(facts, held));
  return found?.number === number ? found : undefined;
}

/** Takes out one effective fact, puts in another, or both. An animal gets one new version for each record. */
function replaceFact(draft: Draft, out: Fact | undefined, put: Fact | undefined): void {
  if (out && put && out.subject !== put.subject) {
    replaceFact(draft, out, undefined);
    replaceFact(draft, undefined, put);
    return;
  }
  const fact = put ?? out;
  if (!fact) return;
  draft.lots.count(out, -1);
  draft.lots.count(put, 1);
  const { subject: id } = fact;
  if (id === undefined) {
    const rest = out ? removeFact(draft.facts, out) : draft.facts;
    draft.facts = put ? insertFact(rest, put) : rest;
    return;
  }
  const changed = Subject.changed(draft.subjects.get(id), id, { record: draft.size - 1, out, put });
  if (changed) draft.subjects.set(id, changed);
  else draft.subjects.delete(id);
}

export interface ProtocolVersion {
  readonly version: number;
  readonly at: number;
  readonly holder: number;
  readonly protocol: Protocol;
}

/** A summary of the facts about the whole study. Every decision needs it, and it changes rarely, so it is kept. */
interface Outline {
  /** Those in force at some time, in that order. */
  readonly versions: readonly ProtocolVersion[];
  /** Recorded, and not in force until the director has signed them. */
  readonly unsigned: readonly ProtocolVersion[];
  readonly byVersion: ReadonlyMap<number, ProtocolVersion>;
  readonly opened: boolean;
  readonly signatures: readonly Applied[];
  readonly acts: Acts;
  /** Ids of commands that were discarded, with the record that says so. */
  readonly discards: ReadonlyMap<string, number>;
}

function outlineOf({ facts }: Study): Outline {
  return facts.derived(summariseFacts);
}

function summariseFacts(facts: AppendList<Fact>): Outline {
  const signatures = appliedIn(facts);
  const acts = actsIn(facts, signatures);
  const versions: ProtocolVersion[] = [];
  const unsigned: ProtocolVersion[] = [];
  const discards = new Map<string, number>();
  let opened = false;
  for (const fact of facts) {
    if (fact.type === 'StudyOpened') opened = true;
    if (fact.type === 'EntryDiscarded')
      discards.set((fact as Fact<'EntryDiscarded'>).data.commandid, fact.holder);
    if (fact.type !== 'ProtocolApproved' && fact.type !== 'ProtocolAmended') continue;
    const { data, at, holder, number } = fact as Fact<'ProtocolApproved' | 'ProtocolAmended'>;
    const from = acts.inForceFrom.get(number);
    const version = { version: data.version, at: from ?? at, holder, protocol: data.protocol };
    (from === undefined ? unsigned : versions).push(version);
  }
  versions.sort((a, b) => a.at - b.at);
  // The first of a number counts.
  const byVersion = new Map([...versions, ...unsigned].toReversed().map((one) => [one.version, one]));
  return { versions, unsigned, byVersion, opened, signatures, acts, discards };
}

/** Approved and amended protocols, in order of when each came into force. */
export class Protocols {
  readonly versions: readonly ProtocolVersion[];
  /** Recorded, and not in force until the director has signed them. */
  readonly unsigned: readonly ProtocolVersion[];
  private readonly byVersion: ReadonlyMap<number, ProtocolVersion>;

  constructor(study: Study) {
    const { versions, unsigned, byVersion } = outlineOf(study);
    this.versions = versions;
    this.unsigned = unsigned;
    this.byVersion = byVersion;
  }

  inForceAt(at: number): ProtocolVersion | undefined {
    return this.versions[countPassing(this.versions, (version) => version.at <= at) - 1];
  }

  /** The version a fact was recorded under; the first one for what happened before there was any. */
  of(fact: Fact | undefined): Protocol {
    const pinned = fact?.protocolVersion === undefined ? undefined : this.byVersion.get(fact.protocolVersion);
    const found = pinned ?? (fact ? this.versions[0] : this.versions.at(-1));
    if (!found) throw new RangeError('a study without a protocol has no rules');
    return found.protocol;
  }
}

/** What holds of the acts that a study may ask signatures for, and what waits for one. */
export function actsOf(study: Study): Acts {
  return outlineOf(study).acts;
}

/**
 * Everybody who has directed the study, in the order of the records from which they did. The order of `time` does not count:
 * who may do what is decided on what was recorded by then.
 */
export function directorsOf(study: Study): readonly Directing[] {
  return actsOf(study).directors.served;
}

/** The study’s director as recorded; undefined before it is opened. */
export function directorOf(study: Study): string | undefined {
  return directorsOf(study).at(-1)?.director;
}

export function isOpened(study: Study): boolean {
  return outlineOf(study).opened;
}

export function closureOf(study: Study): Closure {
  return actsOf(study).closure;
}

/** Closed, or archived after that. */
export function isClosed(study: Study): boolean {
  return closureOf(study).state !== 'open';
}

/** Whether acts of the study hold only once they are signed. */
export function isGoverned(study: Study): boolean {
  return actsOf(study).isGoverned;
}

/** Every signature, in the order of the records. */
export function signaturesOf(study: Study): readonly Applied[] {
  return outlineOf(study).signatures;
}

/** The record by which an entry was discarded, where it was. */
export function discardOf(study: Study, commandId = ''): number | undefined {
  return outlineOf(study).discards.get(commandId);
}
