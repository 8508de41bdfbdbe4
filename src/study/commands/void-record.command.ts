import { isOf } from '../record.js';
import { refuse, type Refusal } from '../refusal.js';
import { RecordReference, Text } from '../schema.js';
import type { Study } from '../study.js';
import { StudyCommand, defineCommand, propose } from './command.js';
import { Data, Optional, Required } from './fields.js';
import { inForce, proven } from './reference.js';

class Voiding {
  @Required(
    RecordReference,
    'The record to withdraw; a correction withdrawn lets what it had replaced hold again.',
  )
  target!: { number: number; leaf?: string };

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** Withdraws a record that should not have been made. It stays visible; a void cannot itself be voided. */
export class VoidRecord extends StudyCommand {
  @Data(Voiding) readonly data!: Voiding;
}

export const voidRecord = defineCommand(VoidRecord, {
  phase: 'record',
  summary: 'Void a record',
  records: 'RecordVoided',
  afterClose: true,
  reasonRequired: true,
  example: { reason: 'Entered for the wrong animal', data: { target: { number: 57 } } },
  decide({ data }, { study }) {
    const target = proven(study, data.target, 'data.target');
    if ('code' in target) return target;
    const refusal = notVoidable(study, target.number);
    if (refusal) return refusal;
    const subject = subjectOf(study, target.number);
    return { ...propose('RecordVoided', { ...data, target }), ...(subject && { subject }) };
  },
});

function notVoidable(study: Study, number: number): Refusal | undefined {
  const record = study.records.at(number)?.record;
  if (!record) return undefined;
  switch (record.type) {
    case 'StudyOpened':
    case 'ProtocolApproved':
    case 'ProtocolAmended':
      return refuse(
        'not-voidable',
        'Registration and protocols are not voided: amend the protocol, or close the study.',
        'data.target',
      );
    case 'RecordVoided':
      return refuse('not-voidable', 'A void is not voided: record again what should hold.', 'data.target');
    case 'RecordCorrected': {
      const later = study.supersededBy.get(number);
      return later === undefined
        ? undefined
        : refuse(
            'not-in-force',
            `Record ${number} no longer holds: record ${later} came after it.`,
            'data.target',
          );
    }
    default: {
      const refusal = inForce(study, number);
      if (refusal) return refusal;
      const rests =
        record.type === 'SubjectEnrolled' &&
        study.subjects
          .get(record.subject ?? '')
          ?.facts.toArray()
          .find((fact) => fact.number !== number);
      return rests
        ? refuse(
            'others-rest-on-it',
            `Record ${rests.holder} rests on this enrolment: correct it instead, or exclude the animal.`,
            'data.target',
          )
        : undefined;
    }
  }
}

/** The animal that a record speaks about now, so that its history shows the void. */
function subjectOf(study: Study, number: number): string | undefined {
  const record = study.records.at(number)?.record;
  if (record && isOf('RecordCorrected', record)) return record.data.subject;
  return record?.subject;
}
