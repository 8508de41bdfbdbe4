import type { Numbered, RecordAttributes } from '../study/record.js';
import { instantMs } from '../study/instant.js';
import { UnknownRecordType } from '../study/study.js';
import type { LabEventType, LedgerInitialised, StudyRegistered } from './events.js';

export interface LabRecord extends RecordAttributes {
  type: LabEventType;
  data: LedgerInitialised | StudyRegistered;
}

export interface Registration {
  readonly code: string;
  /** Record number of StudyRegistered. */
  readonly number: number;
  readonly digest: string;
  readonly recordedtime: string;
}

/** The lab: the ledger's own beginning and the register of studies. A pure fold of the `lab` stream. */
export interface Lab {
  readonly size: number;
  readonly facility: string;
  readonly simulated: boolean;
  /** By code, in order of registration. */
  readonly studies: ReadonlyMap<string, Registration>;
  readonly recordedMs: number;
}

export const EMPTY_LAB: Lab = { size: 0, facility: '', simulated: false, studies: new Map(), recordedMs: 0 };

export function foldLab(lab: Lab, records: Iterable<Numbered<LabRecord>>): Lab {
  const studies = new Map(lab.studies);
  let { size, facility, simulated, recordedMs } = lab;
  for (const { number, record } of records) {
    size = number + 1;
    recordedMs = instantMs(record.recordedtime) ?? recordedMs;
    switch (record.type) {
      case 'LedgerInitialised':
        ({ facility, simulated } = record.data as LedgerInitialised);
        break;
      case 'StudyRegistered': {
        const { code, registration } = record.data as StudyRegistered;
        studies.set(code, { code, number, digest: registration, recordedtime: record.recordedtime });
        break;
      }
      default:
        record.type satisfies never;
        throw new UnknownRecordType(number, record.type);
    }
  }
  return { size, facility, simulated, studies, recordedMs };
}
