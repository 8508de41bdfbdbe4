import {
  accessSchemaOf,
  type Access,
  type AccessEventData,
  type AccessEventType,
  type AccessRecord,
  type BundleExported,
} from '../lab/access.js';
import { utcInstant } from '../study/instant.js';
import { mismatch } from '../study/mismatch.js';
import { refuseTakenId } from './lab-records.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { commandDigest, sealRecord, type Attribution, type Sealed, type Statement } from './seal.js';
import type { Proposal } from './write-plan.js';

const ACCESS_SOURCE = '/access';

/** One record of the access log. */
export interface AccessFact<T extends AccessEventType = AccessEventType> {
  readonly type: T;
  /** The imperative that the record is the past tense of. */
  readonly command: string;
  readonly commandId: string;
  readonly data: AccessEventData[T];
  readonly actor: string;
  readonly role: string;
  readonly session?: string | undefined;
  readonly labsize: number;
  /** When it happened, ms; when it is recorded, where left out. */
  readonly atMs?: number;
}

export function proposeAccessFact(fact: AccessFact, now: RecordClock): Proposal<Access, AccessRecord> {
  const { type, command, commandId, data, actor, role, session, labsize, atMs } = fact;
  const study = 'study' in data ? (data.study ?? '') : '';
  const by = { actor, actorrole: role, command, commanddigest: commandDigest(actor, command, data, study) };
  return {
    command,
    commandId,
    study: '',
    decide(access, size) {
      const nowMs = now(access.recordedMs);
      const times = { time: utcInstant(atMs ?? nowMs), recordedtime: recordedTime(nowMs, access.recordedMs) };
      const place = { number: size, labsize };
      return [sealForAccess({ ...by, commandid: commandId, session }, { type, data, ...times }, place)];
    },
    isSame: (access, first) => refuseTakenId(access.commands.at(first), first, by),
  };
}

/** Who takes a bundle out, and under which command id that is recorded. */
export interface Exporter {
  readonly actor: string;
  readonly role: string;
  readonly session?: string;
  readonly id: string;
}

/** That a bundle was handed out. */
export function proposeExport(
  data: BundleExported,
  { actor, role, session, id }: Exporter,
  labsize: number,
  now: RecordClock,
): Proposal<Access, AccessRecord> {
  const fact = { type: 'BundleExported', command: 'ExportBundle', commandId: id, data } as const;
  return proposeAccessFact({ ...fact, actor, role, session, labsize }, now);
}

/** @throws where the record does not fit its schema: a fault of the program. */
export function sealForAccess(
  by: Attribution,
  statement: Statement & { readonly type: AccessEventType },
  place: { readonly number: number; readonly index?: number; readonly labsize?: number },
): Sealed<AccessRecord> {
  const record = sealRecord<AccessRecord>(by, statement, { source: ACCESS_SOURCE, ...place });
  const wrong = mismatch(accessSchemaOf(statement.type), record.parsed.record);
  if (wrong) throw new Error(`a ${statement.type} would not fit its schema: ${wrong.path} ${wrong.message}`);
  return record;
}
