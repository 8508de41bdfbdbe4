import { accessSchemaOf, type Access, type AccessRecord, type BundleExported } from '../lab/access.js';
import { utcInstant } from '../study/instant.js';
import { mismatch } from '../study/schema.js';
import { refuseTakenId } from './lab-records.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { commandDigest, sealRecord } from './seal.js';
import type { Proposal } from './write-plan.js';

const ACCESS_SOURCE = '/access';

/** That a bundle was handed out. */
export function proposeExport(
  data: BundleExported,
  { actor, role, id }: { actor: string; role: string; id: string },
  labsize: number,
  now: RecordClock,
): Proposal<Access, AccessRecord> {
  const by = {
    actor,
    actorrole: role,
    command: 'ExportBundle',
    commanddigest: commandDigest(actor, 'ExportBundle', data, data.study),
  };
  return {
    command: by.command,
    commandId: id,
    study: '',
    decide(access, size) {
      const nowMs = now(access.recordedMs);
      const recordedtime = recordedTime(nowMs, access.recordedMs);
      const record = sealRecord<AccessRecord>(
        { ...by, commandid: id },
        { type: 'BundleExported', data, time: utcInstant(nowMs), recordedtime },
        { source: ACCESS_SOURCE, number: size, labsize },
      );
      const wrong = mismatch(accessSchemaOf('BundleExported'), record.parsed.record);
      if (wrong) throw new Error(`a BundleExported would not fit its schema: ${wrong.path} ${wrong.message}`);
      return [record];
    },
    isSame: (access, first) => refuseTakenId(access.commands.at(first), first, by),
  };
}
