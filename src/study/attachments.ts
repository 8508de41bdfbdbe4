import type { EventData } from './events/events.js';
import type { StoredStudyRecord, StudyRecord } from './record.js';
import { isOf } from './record.js';
import type { Study } from './study.js';

/** A file of the study, as a record names it. */
export interface Attachment extends EventData<'AttachmentAdded'> {
  /** Of the record that attached it. */
  readonly number: number;
  /** Of the record that holds now. */
  readonly holder: number;
  readonly actor: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** The record that withdrew it. */
  readonly withdrawnBy: number | undefined;
}

/** The file that a record names, as added or as corrected; undefined for every other record. */
export function attachmentIn({
  type,
  data,
}: Pick<StudyRecord, 'type' | 'data'>): EventData<'AttachmentAdded'> | undefined {
  if (type === 'AttachmentAdded') return data as EventData<'AttachmentAdded'>;
  if (type !== 'RecordCorrected') return undefined;
  const { corrects, corrected } = data as EventData<'RecordCorrected'>;
  return corrects === 'AttachmentAdded' ? (corrected as EventData<'AttachmentAdded'>) : undefined;
}

/** Whatever a record of the study ever named: what was corrected or withdrawn since stays readable. By SHA-256, hex. */
export function namedAttachments(
  records: Iterable<StoredStudyRecord>,
): ReadonlyMap<string, EventData<'AttachmentAdded'>> {
  const named = new Map<string, EventData<'AttachmentAdded'>>();
  for (const { record } of records) {
    const data = attachmentIn(record);
    if (data) named.set(data.sha256, data);
  }
  return named;
}

/** The files of a study in the order of their records, those that were withdrawn too. */
export function attachmentsOf({ records, corrections, supersededBy }: Study): Attachment[] {
  const found: Attachment[] = [];
  for (const { number, record } of records) {
    if (!isOf('AttachmentAdded', record)) continue;
    const holder = corrections.get(number)?.at(-1) ?? number;
    const held = records.at(holder)?.record;
    const { flags: _, ...data } = (held && attachmentIn(held)) ?? record.data;
    found.push({
      ...data,
      number,
      holder,
      actor: record.actor,
      occurredAt: record.time,
      recordedAt: record.recordedtime,
      withdrawnBy: supersededBy.get(holder),
    });
  }
  return found;
}
