import { ProfileError } from '../tlog/canonical.js';
import type {
  CommandDefinition,
  Standing,
  StudyCommand,
  Submission,
} from '../study/commands/common/command.js';
import { decide, type Decided } from '../study/decide.js';
import { instantMs, utcInstant } from '../study/instant.js';
import { schemaMismatch, studySource, type StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import { studyAt, type Study } from '../study/study.js';
import { alertsOf } from '../study/welfare/endpoints.js';
import type { EventType } from '../study/events/events.js';
import type { Receipt } from './open-stream.js';
import { sha256Hex } from '../shared/sha256.js';
import { MAX_RECORD_BYTES, commandText, seal, type Attribution, type Place, type Sealed } from './seal.js';
import type { Waiting } from './write-plan.js';

/** The time to write into a record: the clock, but never before the stream's last record. */
export type Now = (recordedMs: number, submission?: Submission) => number;

export function nowFrom(clock: () => number): Now {
  return (recordedMs, submission) => {
    const simulated = submission?.clock === undefined ? undefined : instantMs(submission.clock);
    return Math.max(simulated ?? clock(), recordedMs);
  };
}

interface Rehearsed {
  readonly decided: Decided;
  readonly digest: string;
}

/** What was decided of commands in a rehearsal, for when they come to stand where they were rehearsed to. */
const rehearsals = new WeakMap<StudyCommand, Rehearsed>();

export function rememberRehearsed(command: StudyCommand, rehearsed: Rehearsed): void {
  rehearsals.set(command, rehearsed);
}

/** A command of a study on its way into the study's stream. */
export function recording(
  definition: CommandDefinition,
  command: StudyCommand,
  labsize: number,
  now: Now,
): Waiting<Study, StudyRecord> {
  const { submission } = command;
  const rehearsed = submission.place && rehearsals.get(command);
  let digest = rehearsed?.digest;
  const digestOf = (): string => (digest ??= digestOfCommand(definition, command));
  return {
    commandId: submission.id,
    study: submission.study,
    decide(study, size) {
      if (submission.place && !stands(submission.place, study, size)) return overtaken(submission.place);
      const nowMs = now(study.recordedMs, submission);
      // In its place everything before it is as it was rehearsed, so the decision is the same; only time went on.
      const decided = rehearsed
        ? { ...rehearsed.decided, recordedtime: utcInstant(nowMs) }
        : decide(definition, command, study, { nowMs });
      if (decided instanceof Refusal) return decided;
      const place = { source: studySource(submission.study), number: size, labsize };
      return sealed(decided, place, () => attribution(definition, submission, digestOf()));
    },
    isSame: (study, first) => otherCommand(study, first, command, digestOf),
    ...(REACHING.has(definition.records) && { notices: endpointsAsOf }),
  };
}

/** Records that can bring an animal to a humane endpoint: whoever makes one is told at once. */
const REACHING: ReadonlySet<EventType> = new Set([
  'SubjectEnrolled',
  'BodyWeightRecorded',
  'WelfareScored',
  'RecordCorrected',
  'RecordVoided',
]);

function endpointsAsOf(study: Study, size: number): Partial<Receipt> {
  const then = studyAt(study, size);
  const subject = then.records.last?.record.subject;
  const endpoints = subject === undefined ? [] : alertsOf(then, subject);
  return endpoints.length > 0 ? { endpoints } : {};
}

function stands({ number, after }: Standing, study: Study, size: number): boolean {
  return number === size && study.records.last?.record.commandid === after;
}

function overtaken({ number }: Standing): Refusal {
  const message = `This was decided to become record ${number}, and others have recorded meanwhile: send it all again.`;
  return refuse('overtaken', message);
}

export function digestOfCommand(definition: CommandDefinition, command: StudyCommand): string {
  return sha256Hex(textOfCommand(definition, command));
}

/** What its digest is made of, and all of it that a record holds but for its attributes and what is derived. */
export function textOfCommand({ name }: CommandDefinition, { submission, data }: StudyCommand): string {
  return commandText(submission.actor, name, data, submission.study);
}

export function attribution(
  { name }: CommandDefinition,
  { id, actor, role, session, imported }: Submission,
  commanddigest: string,
): Attribution {
  return { actor, actorrole: role, session, command: name, commandid: id, commanddigest, imported };
}

/** The record in its place, or a refusal where its bytes could not be a record's. */
function sealed(decided: Decided, place: Place, by: () => Attribution): Sealed<StudyRecord>[] | Refusal {
  try {
    const record = seal<StudyRecord>(by(), decided, place);
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

/** A command id stands for one command: sent again with other content it is refused, not answered. */
function otherCommand(
  study: Study,
  first: number,
  command: StudyCommand,
  digestOf: () => string,
): Refusal | undefined {
  const record = study.records.at(first)?.record;
  const { occurredAt, reason } = command;
  const subject = 'subject' in command ? command.subject : record?.subject;
  const same =
    record !== undefined &&
    record.subject === subject &&
    record.reason === reason &&
    (occurredAt === undefined || record.time === occurredAt) &&
    record.commanddigest === digestOf();
  if (same) return undefined;
  return refuse(
    'command-id-reused',
    `This command id was used for record ${first}, which says something else: give the new command an id of its own.`,
    'id',
  );
}
