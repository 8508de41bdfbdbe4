import { instantMs } from '../instant.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from '../record.js';
import type { Steps } from '../steps.js';
import { factNumbered, type Study } from '../study.js';
import { memberChanges, type Change } from './member-changes.js';
import { defineProjection } from './projection.js';

export interface TrailRecord {
  readonly record: number;
  readonly type: string;
  readonly subject: string | null;
  readonly actor: string;
  readonly role: string;
  /** The sign-in that it was made in, or the token; null where nobody signed in. */
  readonly session: string | null;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly reason: string | null;
  readonly flags: readonly string[];
  /** The record that this one replaces or withdraws, and the one that did so to this. */
  readonly supersedes: number | null;
  readonly supersededBy: number | null;
  readonly protocolVersion: number | null;
  readonly data: object;
  /** For a correction: what changes, from what to what. */
  readonly changes: readonly Change[];
  /** For an amendment: what it changes of the version before, member by member. */
  readonly amended?: readonly Change[];
}

/** Every record in record order, superseded or not: who did what, when, when it was written, why. Of one animal: all that concern it. */
export const auditTrail = defineProjection(
  'audit-trail',
  'Every record: who, role, session, when it happened, when it was recorded, what changed, why, flags',
  function* (view): Steps<{ records: TrailRecord[] }> {
    const records: TrailRecord[] = [];
    for (const stored of view.records()) {
      if ((instantMs(stored.record.time) ?? 0) <= view.untilMs) records.push(trailRecord(view.study, stored));
      yield;
    }
    return { records };
  },
);

export function trailRecord(study: Study, { number, record }: StoredStudyRecord): TrailRecord {
  return {
    record: number,
    type: record.type,
    subject: record.subject ?? null,
    actor: record.actor,
    role: record.actorrole,
    session: record.session ?? null,
    occurredAt: record.time,
    recordedAt: record.recordedtime,
    reason: record.reason ?? null,
    flags: recordFlags(record),
    supersedes: supersedes(study, record),
    supersededBy: study.supersededBy.get(number) ?? null,
    protocolVersion: record.protocolversion ?? null,
    data: record.data,
    changes: changesOf(study, record),
    ...(isOf('ProtocolAmended', record) && { amended: amendedBy(study, number, record) }),
  };
}

/** What changed against the version before, as it holds now. Reads back to the record of that version. */
function amendedBy(study: Study, number: number, { data }: StudyRecord<'ProtocolAmended'>): Change[] {
  for (let earlier = number - 1; earlier >= 0; earlier--) {
    const record = study.records.at(earlier)?.record;
    if (!record || !(isOf('ProtocolApproved', record) || isOf('ProtocolAmended', record))) continue;
    if (record.data.version !== data.version - 1) continue;
    const before = factNumbered(study, earlier)?.data ?? record.data;
    return memberChanges((before as typeof record.data).protocol, data.protocol);
  }
  return [];
}

/** Flags of the record, for a correction those of what it states. */
export function recordFlags(record: StudyRecord): string[] {
  const own = record.data.flags ?? [];
  const corrected = isOf('RecordCorrected', record) ? record.data.corrected['flags'] : undefined;
  return [...new Set([...own, ...(Array.isArray(corrected) ? (corrected as string[]) : [])])].sort();
}

function supersedes(study: Study, record: StudyRecord): number | null {
  if (isOf('RecordCorrected', record)) return record.data.replaces.number;
  if (!isOf('RecordVoided', record)) return null;
  const target = record.data.target.number;
  return study.supersededBy.has(target) && study.corrections.has(target)
    ? (study.corrections.get(target)?.at(-1) ?? target)
    : target;
}

/** Field by field, what a correction says anew; the old value comes from what it replaces. */
function changesOf(study: Study, record: StudyRecord): Change[] {
  if (!isOf('RecordCorrected', record)) return [];
  const { replaces, subject, occurredAt, corrected } = record.data;
  const replaced = study.records.at(replaces.number)?.record;
  if (!replaced || isOf('RecordVoided', replaced)) return [];
  const before = isOf('RecordCorrected', replaced)
    ? { subject: replaced.data.subject, occurredAt: replaced.data.occurredAt, data: replaced.data.corrected }
    : {
        subject: replaced.subject,
        occurredAt: replaced.time,
        data: replaced.data as Record<string, unknown>,
      };
  const changes = [
    { field: 'subject', from: before.subject ?? null, to: subject ?? null },
    { field: 'occurredAt', from: before.occurredAt, to: occurredAt },
    ...[...new Set([...Object.keys(before.data), ...Object.keys(corrected)])].sort().map((name) => ({
      field: `data.${name}`,
      from: before.data[name] ?? null,
      to: corrected[name] ?? null,
    })),
  ];
  return changes.filter(({ field, from, to }) =>
    field === 'occurredAt'
      ? instantMs(from as string) !== instantMs(to as string)
      : JSON.stringify(from) !== JSON.stringify(to),
  );
}
