import { CalendarDate, Line } from '../schema.js';
import { QUALITY } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class Inspection {
  @Required(Line, 'The phase of the study that was inspected.')
  phase!: string;

  @Required(CalendarDate, 'The day of the inspection.')
  on!: string;
}

/** Quality assurance has inspected a phase of the study. */
export class RecordInspection extends StudyCommand {
  @Data(Inspection) readonly data!: Inspection;
}

export const recordInspection = defineCommand(RecordInspection, {
  phase: 'record',
  who: QUALITY,
  summary: 'Record an inspection by quality assurance',
  records: 'InspectionRecorded',
  afterClose: true,
  beforeProtocol: true,
  example: { data: { phase: 'Surgery', on: '2026-03-02' } },
  decide: ({ data }) => propose('InspectionRecorded', { ...data }),
});
