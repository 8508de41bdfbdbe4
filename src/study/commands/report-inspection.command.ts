import { Type } from '../schema-types.js';
import { Refusal, refuse } from '../refusal.js';
import { CalendarDate, RecordReference } from '../schema.js';
import { factsOf, type Fact } from '../study.js';
import { QUALITY } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';
import { checkReference, findEffectiveFact, resolveReference } from './common/reference.js';

class InspectionReport {
  @Required(RecordReference, 'The record of the inspection.')
  target!: { number: number; leaf?: string };

  @Required(Type.Enum(['director', 'management']), 'To whom its findings were reported.')
  to!: 'director' | 'management';

  @Required(CalendarDate, 'The day on which they were reported.')
  on!: string;
}

const TO = { director: 'the study director', management: 'management' } as const;

/** The findings of an inspection were reported. */
export class ReportInspection extends StudyCommand {
  @Data(InspectionReport) readonly data!: InspectionReport;
}

export const reportInspection = defineCommand(ReportInspection, {
  phase: 'record',
  who: QUALITY,
  summary: 'Record that an inspection was reported',
  records: 'InspectionReported',
  refuses: [
    'leaf-mismatch',
    'not-a-fact',
    'not-an-inspection',
    'not-in-force',
    'record-unknown',
    'reported-already',
    'reported-early',
  ],
  afterClose: true,
  beforeProtocol: true,
  example: { data: { target: { number: 57 }, to: 'director', on: '2026-03-02' } },
  check: ({ data }, { study }) => [checkReference(study, data.target, 'data.target')],
  decide({ data }, { study, time }) {
    const target = resolveReference(study, data.target, 'data.target');
    if (target instanceof Refusal) return target;
    const fact = findEffectiveFact(study, target.number);
    if (fact instanceof Refusal) return fact;
    if (fact.type !== 'InspectionRecorded')
      return refuse(
        'not-an-inspection',
        `Record ${target.number} is not an inspection: name the record of one.`,
        'data.target',
      );
    const { to, on } = data;
    if (on > time.slice(0, 10))
      return refuse(
        'time-in-future',
        `on is ${on}, after the day of this record, ${time.slice(0, 10)}: a report is recorded once it was made.`,
        'data.on',
      );
    const inspected = (fact as Fact<'InspectionRecorded'>).data.on;
    if (on < inspected)
      return refuse(
        'reported-early',
        `on is ${on}, before the inspection of ${inspected} (record ${fact.holder}): check both days.`,
        'data.on',
      );
    const before = factsOf(study.facts, 'InspectionReported').find(
      (report) => report.data.to === to && report.data.target.number === target.number,
    );
    if (before)
      return refuse(
        'reported-already',
        `Record ${before.holder} says that it was reported to ${TO[to]} on ${before.data.on}: void that one first if it is wrong.`,
        'data.to',
      );
    return propose('InspectionReported', { ...data, target });
  },
});
