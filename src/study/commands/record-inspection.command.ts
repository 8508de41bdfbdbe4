import { refuse } from '../refusal.js';
import { CalendarDate, Line, Text } from '../schema.js';
import { QUALITY } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';

class Inspection {
  @Required(Line, 'The phase of the study that was inspected.')
  phase!: string;

  @Required(CalendarDate, 'The day of the inspection.')
  on!: string;

  @Optional(
    Text,
    'What was found. It is kept beside the log, for quality assurance alone; the record holds a digest of it.',
  )
  findings?: string;
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
  personal: ['findings'],
  afterClose: true,
  beforeProtocol: true,
  example: { data: { phase: 'Surgery', on: '2026-03-02' } },
  decide({ data: { phase, on } }, { time, commitments: { findings } }) {
    if (on > time.slice(0, 10))
      return refuse(
        'time-in-future',
        `on is ${on}, after the day of this record, ${time.slice(0, 10)}: an inspection is recorded once it was made.`,
        'data.on',
      );
    return propose('InspectionRecorded', { phase, on, ...(findings && { findings }) });
  },
});
