import { CATALOGUE } from '../../study/catalogue.js';
import { SubjectCommand, type CommandDefinition } from '../../study/commands/common/command.js';

/**
 * Which refusals each command can be answered with, for the documents. The code that refuses does not need this list;
 * a test holds the two together.
 */
const OWN: Readonly<Record<string, readonly string[]>> = {
  RegisterStudy: ['ledger-unanchored', 'not-commissioned', 'signing-key-missing', 'study-exists'],
  CloseStudy: ['ledger-unanchored'],
  ApproveProtocol: ['protocol-exists', 'protocol-invalid'],
  AmendProtocol: ['amendment-out-of-order', 'protocol-invalid'],
  EnrolSubject: ['never-used-before', 'previous-severity-missing', 'subject-enrolled'],
  LigateNerve: ['nerve-already-ligated'],
  ImplantElectrode: ['electrode-present', 'no-electrode'],
  RecordThreshold: ['filament-not-in-ladder', 'session-unknown', 'unknown-ladder'],
  DetermineMotorThreshold: ['no-electrode'],
  ApplySCS: ['administration-unknown', 'no-electrode'],
  ScoreSideEffects: ['item-twice', 'item-unknown', 'scale-unknown', 'score-too-high', 'session-unknown'],
  DesignateSubEffectiveDose: ['administration-unknown'],
  ScoreWelfare: ['item-twice', 'item-unknown', 'scale-unknown', 'score-too-high'],
  RecordIntervention: ['record-unknown'],
  DecideEndpoint: ['endpoint-not-reached', 'subject-unknown'],
  RecordFate: ['fate-recorded', 'later-records-exist'],
  AssessSeverity: ['never-used', 'severity-assessed', 'subject-unknown', 'use-not-ended'],
  ExcludeSubject: ['subject-excluded', 'subject-unknown'],
  EuthaniseSubject: ['later-records-exist', 'subject-dead'],
  AcknowledgeDeviation: ['leaf-mismatch', 'no-deviation', 'not-a-fact', 'not-in-force', 'record-unknown'],
  CorrectRecord: [
    'leaf-mismatch',
    'not-a-fact',
    'not-correctable',
    'not-in-force',
    'others-rest-on-it',
    'record-unknown',
  ],
  VoidRecord: [
    'leaf-mismatch',
    'not-a-fact',
    'not-in-force',
    'not-voidable',
    'others-rest-on-it',
    'record-unknown',
    'subject-enrolled',
  ],
};

/** Of every request. */
export const ANYWHERE = [
  'path-invalid',
  'parameter-invalid',
  'parameter-unknown',
  'origin-refused',
  'host-refused',
  'internal-error',
  'store-locked',
  'store-unavailable',
  'outcome-unknown',
  'shutting-down',
  'store-full',
] as const;

/** Of every request with a body that is read. */
export const ANY_BODY = [
  'body-malformed',
  'body-too-large',
  'content-type-unsupported',
  'field-invalid',
  'request-malformed',
] as const;

/** Of every command, whatever it records. */
export const ANY_COMMAND = [
  'body-invalid',
  'body-malformed',
  'body-too-deep',
  'body-too-large',
  'busy',
  'command-id-reused',
  'content-type-unsupported',
  'field-invalid',
  'field-missing',
  'field-unknown',
  'id-invalid',
  'quantity-impossible',
  'reason-required',
  'record-invalid',
  'record-too-large',
  'request-malformed',
  'store-behind-mark',
  'store-inconsistent',
  'study-code-invalid',
  'text-not-recordable',
  'time-in-future',
] as const;

/** The refusals of one command beside those of any, sorted. */
export function refusalsOf(definition: CommandDefinition): string[] {
  const codes = new Set(OWN[definition.name] ?? []);
  if (definition.name !== 'RegisterStudy') codes.add('study-unknown').add('study-unfinished');
  if (!definition.beforeProtocol) codes.add('no-protocol');
  if (!definition.afterClose && definition.name !== 'RegisterStudy') codes.add('study-closed');
  if (isAboutSubject(definition) && !definition.anyAnimal) {
    codes.add('subject-unknown').add('subject-dead').add('subject-gone').add('before-birth');
  }
  // A correction is decided by the command that first stated the fact, and refused in its words.
  if (definition.name === 'CorrectRecord') {
    for (const other of CATALOGUE.filter(({ name }) => name !== definition.name)) {
      if (other.phase !== 'study' && other.phase !== 'record')
        for (const code of refusalsOf(other)) codes.add(code);
    }
    codes.add('no-deviation');
    codes.delete('study-closed');
  }
  return [...codes].sort();
}

function isAboutSubject({ command }: CommandDefinition): boolean {
  return command.prototype instanceof SubjectCommand;
}
