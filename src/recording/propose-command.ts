import { ProfileError } from '../tlog/canonical.js';
import type { Lab } from '../lab/lab.js';
import { authoriseCommand } from '../lab/people/command-authority.js';
import type { People } from '../lab/people/people.js';
import { individualOf } from '../lab/people/standing.js';
import { trainingIn } from '../lab/people/training.js';
import type {
  CommandDefinition,
  CommandForm,
  StreamPlace,
  StudyCommand,
  Submission,
} from '../study/commands/common/command.js';
import { decide, type Circumstances, type Decided } from '../study/decide.js';
import { instantMs } from '../study/instant.js';
import { schemaMismatch, studySource, type StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import { studyAt, type Study } from '../study/study.js';
import { newAlerts } from '../study/welfare/endpoints.js';
import type { EventType } from '../study/events/events.js';
import type { Receipt } from './open-stream.js';
import { NO_TEXTS, agreeInTexts, type PersonalTexts } from './personal-texts.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { sha256Hex } from '../shared/sha256.js';
import { checkSigned } from './signing/check-signed.js';
import {
  MAX_RECORD_BYTES,
  commandText,
  sealRecord,
  type Attribution,
  type RecordPosition,
  type Sealed,
} from './seal.js';
import type { Proposal } from './write-plan.js';

interface DryDecision {
  readonly decided: Decided;
  readonly digest: string;
  /** As the lab had them then. */
  readonly people: People;
}

/** What a dry run decided of commands. It holds where they come to stand at the place that they were decided for. */
const dryDecisions = new WeakMap<StudyCommand, DryDecision>();

export function rememberDryDecision(command: StudyCommand, decision: DryDecision): void {
  dryDecisions.set(command, decision);
}

/**
 * A command of a study, for the study's stream. It is authorised on the lab as it is folded when it is decided; `opened` is
 * the lab size that record 0 of a study bears.
 */
export function proposeCommand(
  definition: CommandDefinition,
  command: StudyCommand,
  labNow: () => Lab,
  now: RecordClock,
  { opened, texts = NO_TEXTS }: { readonly opened?: number; readonly texts?: PersonalTexts } = {},
): Proposal<Study, StudyRecord> {
  const { submission } = command;
  const dry = submission.place && dryDecisions.get(command);
  let digest = dry?.digest;
  const digestOf = (): string => (digest ??= digestCommand(definition, command));
  return {
    command: definition.name,
    commandId: submission.id,
    study: submission.study,
    decide(study, size) {
      if (submission.place && !isNext(submission.place, study, size))
        return refuseOvertaken(submission.place);
      const nowMs = now(study.recordedMs, submission);
      const lab = labNow();
      const authority = authoriseCommand(lab, definition, command, study, nowMs);
      if (authority instanceof Refusal) return authority;
      // All that comes before it is as it was in the dry run, so the decision is the same while the people are. Only the time is another.
      const decided =
        dry?.people === lab.people
          ? { ...dry.decided, recordedtime: recordedTime(nowMs, study.recordedMs) }
          : decide(definition, command, study, {
              nowMs,
              flags: authority.flags,
              ...circumstancesIn(lab, submission),
              commitments: texts.commitments,
            });
      if (decided instanceof Refusal) return decided;
      const unsigned = checkSigned(lab, study, submission, authority.role);
      if (unsigned) return unsigned;
      const position = { source: studySource(submission.study), number: size, labsize: opened ?? lab.size };
      return sealDecided(decided, position, () =>
        attributeTo(definition, submission, authority.role, digestOf()),
      );
    },
    isSame: (study, first) =>
      (submission.isAnsweredOnce ? refuseSpent() : undefined) ??
      refuseOtherCommand(study, first, command, digestOf) ??
      (agreeInTexts(study.records.at(first)?.record.data, definition, command, texts)
        ? undefined
        : refuseReusedId(first)),
    ...(REACHING.has(definition.records) && { notices: noticeEndpoints }),
  };
}

function refuseSpent(): Refusal<'challenge-spent'> {
  return refuse('challenge-spent', 'This was recorded already: begin again.');
}

/** Records that can bring an animal to a humane endpoint. Whoever makes one is told of it in the receipt. */
const REACHING: ReadonlySet<EventType> = new Set([
  'SubjectEnrolled',
  'BodyWeightRecorded',
  'WelfareScored',
  'RecordCorrected',
  'RecordVoided',
]);

function noticeEndpoints(study: Study, size: number): Partial<Receipt> {
  const endpoints = newAlerts(studyAt(study, size));
  return endpoints.length > 0 ? { endpoints } : {};
}

function isNext({ number, after }: StreamPlace, study: Study, size: number): boolean {
  return number === size && study.records.last?.record.commandid === after;
}

function refuseOvertaken({ number }: StreamPlace): Refusal {
  const message = `This was decided as record ${number}, and others have recorded since: send all of it again.`;
  return refuse('overtaken', message);
}

export function digestCommand(definition: CommandDefinition, command: StudyCommand): string {
  return sha256Hex(commandTextOf(definition, command));
}

/** The text that the digest is made of. Personal texts are left out, and compared by what opens their commitments. */
export function commandTextOf(
  { name, personal }: CommandDefinition,
  { submission, data }: StudyCommand,
): string {
  const kept =
    personal.length === 0
      ? data
      : Object.fromEntries(Object.entries(data).filter(([field]) => !personal.includes(field)));
  return commandText(submission.actor, name, kept, submission.study);
}

/** What the lab says of who gives a command. */
export function circumstancesIn(
  lab: Lab,
  { actor }: Submission,
): Required<Pick<Circumstances, 'isTrained' | 'individual'>> {
  return { isTrained: trainingIn(lab), individual: individualOf(lab.people, actor) };
}

export function attributeTo(
  { name }: Pick<CommandForm, 'name'>,
  { id, actor, session, imported }: Submission,
  role: string,
  commanddigest: string,
): Attribution {
  return { actor, actorrole: role, session, command: name, commandid: id, commanddigest, imported };
}

/** The sealed record, or a refusal where its bytes cannot be a record's. */
function sealDecided(
  decided: Decided,
  position: RecordPosition,
  by: () => Attribution,
): Sealed<StudyRecord>[] | Refusal {
  try {
    const record = sealRecord<StudyRecord>(by(), decided, position);
    if (record.text.length > MAX_RECORD_BYTES / 3 && Buffer.byteLength(record.text) > MAX_RECORD_BYTES) {
      return refuse(
        'record-too-large',
        `A record takes at most ${MAX_RECORD_BYTES} bytes: shorten the text.`,
      );
    }
    const wrong = schemaMismatch(record.parsed.record);
    if (wrong)
      return refuse(
        'record-invalid',
        `The record would not fit its schema: ${wrong.path} ${wrong.message}.`,
        wrong.path,
      );
    return [record];
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    const message =
      'The text holds a control character or an unpaired surrogate: remove it and send the command again.';
    return refuse('text-not-recordable', message, error.path.slice(1).replaceAll('/', '.'));
  }
}

/**
 * A command id stands for one command: sent again with other content it is refused, not answered. An entry whose first try
 * was recorded, and whose answer was lost, comes again with the time when it was entered, and perhaps with the time when it
 * happened and a reason.
 */
function refuseOtherCommand(
  study: Study,
  first: number,
  command: StudyCommand,
  digestOf: () => string,
): Refusal | undefined {
  const record = study.records.at(first)?.record;
  const { enteredAt, occurredAt, reason } = command;
  const subject = 'subject' in command ? command.subject : record?.subject;
  const isAgain = enteredAt !== undefined && record?.data.enteredAt === undefined;
  const same =
    record !== undefined &&
    record.subject === subject &&
    (isAgain ? [undefined, reason].includes(record.reason) : record.reason === reason) &&
    (occurredAt === undefined || record.time === occurredAt || (isAgain && isTimeOfRecording(record))) &&
    record.commanddigest === digestOf();
  return same ? undefined : refuseReusedId(first);
}

/** Whether nobody said when it happened. */
function isTimeOfRecording({ time, recordedtime }: StudyRecord): boolean {
  return instantMs(time) === instantMs(recordedtime);
}

export function refuseReusedId(number: number): Refusal {
  const message = `This command id was used for record ${number}, which says something else: give the new command an id of its own.`;
  return refuse('command-id-reused', message, 'id');
}
