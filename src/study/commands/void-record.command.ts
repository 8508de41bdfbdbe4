import { waitingActs } from '../signatures/open-acts.js';
import { isOf, type StudyRecord } from '../record.js';
import { Refusal, refuse } from '../refusal.js';
import { RecordReference, Text } from '../schema.js';
import { factNumbered, findStatedFact, isGoverned, type Fact, type Study } from '../study.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import {
  checkNothingRestsOn,
  checkReference,
  findEffectiveFact,
  resolveReference,
} from './common/reference.js';
import { WITHDRAWING } from '../who.js';
import { CHANGE_DIRECTOR } from './correct-record.command.js';

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
  who: WITHDRAWING,
  summary: 'Void a record',
  records: 'RecordVoided',
  refuses: [
    'leaf-mismatch',
    'not-a-fact',
    'not-in-force',
    'not-voidable',
    'others-rest-on-it',
    'record-unknown',
    'subject-enrolled',
  ],
  afterClose: true,
  reasonRequired: true,
  example: { reason: 'Entered for the wrong animal', data: { target: { number: 57 } } },
  check: ({ data }, { study }) => [checkReference(study, data.target, 'data.target')],
  decide({ data }, { study }) {
    const target = resolveReference(study, data.target, 'data.target');
    if (target instanceof Refusal) return target;
    const refusal = checkVoidable(study, target.number);
    if (refusal) return refusal;
    const subject = subjectOf(study, target.number);
    return { ...propose('RecordVoided', { ...data, target }), ...(subject && { subject }) };
  },
});

type NotVoidable = 'not-voidable' | 'not-in-force' | 'not-a-fact' | 'others-rest-on-it' | 'subject-enrolled';

/** Whether a record can be withdrawn. */
export function checkVoidable(study: Study, number: number): Refusal<NotVoidable> | undefined {
  const record = study.records.at(number)?.record;
  if (waitingActs(study).some((act) => act.number === number)) return undefined;
  switch (record?.type) {
    case 'StudyOpened':
    case 'ProtocolApproved':
    case 'ProtocolAmended':
      return refuse(
        'not-voidable',
        'Registration and protocols are not voided: amend the protocol, or close the study.',
        'data.target',
      );
    case 'StudyHandedOver':
    case 'DirectorReplaced':
      return refuse('not-voidable', `A ${record.type} is not voided: ${CHANGE_DIRECTOR}.`, 'data.target');
    case 'SignatureApplied':
      return refuse(
        'not-voidable',
        'A signature is not withdrawn: correct or void what was signed, and the signature shows as superseded.',
        'data.target',
      );
    case 'TrailReviewed':
      return refuse('not-voidable', 'A review is not voided: review the range again.', 'data.target');
    case 'StudyReopened':
    case 'StudyArchived':
      return refuse('not-voidable', `A ${record.type} is not voided: ${UNDONE[record.type]}.`, 'data.target');
    case 'RecordVoided':
      return refuse('not-voidable', 'A void is not voided: record again what should hold.', 'data.target');
    case 'RecordCorrected':
      return checkCorrectionVoidable(study, number, record as StudyRecord<'RecordCorrected'>);
    default: {
      if (record?.type === 'StudyClosed' && isGoverned(study))
        return refuse('not-voidable', `A StudyClosed is not voided: ${UNDONE.StudyClosed}.`, 'data.target');
      const fact = findEffectiveFact(study, number);
      return fact instanceof Refusal ? fact : checkNothingRestsOn(study, fact, 'data.target');
    }
  }
}

/** By which record the end of a study is taken back. */
const UNDONE = {
  StudyClosed: 'the study director reopens the study',
  StudyReopened: 'close the study again',
  StudyArchived: 'the study director reopens the study',
} as const;

/** A correction can be withdrawn while it holds, unless that would enrol an animal a second time. */
function checkCorrectionVoidable(
  study: Study,
  number: number,
  { data: { target, subject } }: StudyRecord<'RecordCorrected'>,
): Refusal<NotVoidable> | undefined {
  const later = study.supersededBy.get(number);
  if (later !== undefined) {
    return refuse(
      'not-in-force',
      `Record ${number} no longer holds: record ${later} came after it.`,
      'data.target',
    );
  }
  const fact = factNumbered(study, target.number);
  const restored = findStatedFact(study, study.corrections.get(target.number)?.at(-2) ?? target.number);
  if (fact?.type === 'StudyOpened' && directorIn(fact) !== directorIn(restored))
    return refuse('not-voidable', `The void would change the director: ${CHANGE_DIRECTOR}.`, 'data.target');
  if (fact?.type !== 'SubjectEnrolled' || restored?.subject === subject) return undefined;
  const enrolled = study.subjects.get(restored?.subject ?? '')?.enrolled;
  if (!enrolled) return checkNothingRestsOn(study, fact, 'data.target');
  return refuse(
    'subject-enrolled',
    `Record ${enrolled.holder} has enrolled ${restored?.subject} since: every animal has an identifier of its own.`,
    'data.target',
  );
}

/** The animal that a record is about now: the void is shown in its history. */
function subjectOf(study: Study, number: number): string | undefined {
  const record = study.records.at(number)?.record;
  if (record && isOf('RecordCorrected', record)) return record.data.subject;
  return factNumbered(study, number)?.subject;
}

function directorIn(opened: Fact | undefined): unknown {
  return (opened as Fact<'StudyOpened'> | undefined)?.data.director;
}
