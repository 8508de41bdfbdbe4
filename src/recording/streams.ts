import { EMPTY_ACCESS, foldAccess, type Access, type AccessRecord } from '../lab/access.js';
import { EMPTY_LAB, foldLab, type Lab, type LabRecord } from '../lab/lab.js';
import { studyLog } from '../lab/origins.js';
import type { RecordAttributes, StudyRecord } from '../study/record.js';
import { draftOf, emptyStudy, extend, fold, type Draft, type Study } from '../study/study.js';
import { upcast } from '../study/events/upcast.js';
import type { OpenStream, StreamKind } from './open-stream.js';

export type OpenStudy = OpenStream<Study, StudyRecord>;
/** A log of any kind. */
export type OpenLog = OpenStream<{ readonly recordedMs: number }, RecordAttributes>;

export const LAB: StreamKind<Lab, LabRecord> = {
  stream: 'lab',
  empty: EMPTY_LAB,
  fold: foldLab,
  draftOf: (lab) => lab,
  extend: foldLab,
  parse: (text) => JSON.parse(text) as LabRecord,
};

export const ACCESS: StreamKind<Access, AccessRecord> = {
  stream: 'access',
  empty: EMPTY_ACCESS,
  fold: foldAccess,
  draftOf: (access) => access,
  extend: foldAccess,
  parse: (text) => JSON.parse(text) as AccessRecord,
};

export function studyStream(code: string): StreamKind<Study, StudyRecord> {
  return {
    stream: studyLog(code),
    empty: emptyStudy(code),
    fold,
    draftOf,
    extend: (draft, records) => extend(draft as Draft, records),
    parse: (text) => upcast(JSON.parse(text) as StudyRecord),
  };
}
