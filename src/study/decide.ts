import { AnimalAt } from './commands/common/animal-at.js';
import type {
  CommandDefinition,
  Commitments,
  ImportedFrom,
  IsTrained,
  Proposal,
  Situation,
  Stated,
  StudyCommand,
} from './commands/common/command.js';
import { checkStudy } from './commands/common/check-study.js';
import { checkEntered, checkNotFuture, enteredOf } from './commands/common/entry-times.js';
import { deviation, form, query, type Flag } from './commands/common/flags.js';
import { checkAlive, checkEnrolled, withoutConsequences } from './commands/common/living-animal.js';
import { findOtherRecord } from './commands/common/other-record.js';
import type { EventData, EventType } from './events/events.js';
import { TIME_ASSUMED } from './rules/elapsed.js';
import { instantMs, localInstant, minutesBetween, utcInstant } from './instant.js';
import type { Protocol } from './protocol.js';
import { Refusal, errorsOf, refuse, refuseAll } from './refusal.js';
import { Protocols, type ProtocolVersion, type Study } from './study.js';

/** A record to be, without what the stream adds: number, hashes, identifiers. */
export interface Decided<T extends EventType = EventType> {
  readonly type: T;
  readonly data: EventData<T>;
  readonly subject: string | undefined;
  readonly time: string;
  readonly recordedtime: string;
  readonly reason: string | undefined;
  readonly protocolversion: number | undefined;
  /** What is irregular about it, with the kind of each. The record has their codes. */
  readonly irregular: readonly Flag[];
}

export interface Circumstances {
  /** The clock. It decides `time`, lateness and what lies in the future; `recordedtime` is never before the last record's. */
  readonly nowMs: number;
  /** Codes that say by what authority it is recorded. */
  readonly flags?: readonly string[];
  /** From the records of the lab; everybody is trained where it is left out. */
  readonly isTrained?: IsTrained | undefined;
  /** Every id of the human who gives the command; the actor's alone where it is left out. */
  readonly individual?: ReadonlySet<string>;
  readonly commitments?: Commitments;
  /** A correction is decided as of when its target was recorded, under the protocol version of its target. */
  readonly correcting?: {
    readonly protocolVersion: number | undefined;
    /** When its target happened, ms, where an import assumed that. */
    readonly assumedAt: number | undefined;
    /** Who recorded its target. */
    readonly actor: string;
    /** Whether its target was found after the study was closed. */
    readonly isFoundLater: boolean;
  };
}

/** The flag of what happened before a study was closed and was recorded after that. */
export const FOUND_LATER = 'after-close';

/**
 * Decides a command on the state of its study. What cannot be true is refused; what happened against the protocol is
 * taken with a flag, and with a reason where it is late, a deviation or a query.
 * What holds for every command stands together, although the file is long.
 */
export function decide<C extends StudyCommand>(
  definition: CommandDefinition<C>,
  command: C,
  study: Study,
  circumstances: Circumstances,
): Decided | Refusal {
  const { nowMs, correcting } = circumstances;
  const recordedtime = utcInstant(Math.max(nowMs, study.recordedMs));
  const situation = situationOf(command, study, circumstances);
  const { animal, at, imported, inForce, isTimeAssumed, protocol, protocols, time } = situation;
  const { subject }: Stated = command;

  const barred = correcting ? undefined : checkStudy(definition, command, study, protocols);
  if (barred) return barred;
  const future = checkNotFuture(at, nowMs);
  const untimely = future ?? (correcting ? undefined : checkEntered(command, at, nowMs));
  const unfit =
    subject === undefined || definition.anyAnimal
      ? undefined
      : (checkEnrolled(animal) ?? (future ? undefined : checkAlive(situation)));
  const proposal = definition.decide(command, situation);
  const late = isLate(situation, nowMs);
  if (untimely || unfit || proposal instanceof Refusal) {
    const own = proposal instanceof Refusal ? proposal : undefined;
    const judged = unfit?.code === 'subject-unknown' ? withoutConsequences(own) : own;
    const isTimeInDoubt = [unfit, judged].some(
      (one) => one && errorsOf(one).some(({ field }) => field === 'occurredAt'),
    );
    const unexplained = checkReason(definition, command, [], late && !isTimeInDoubt);
    return refuseAll([untimely, unfit, judged, unexplained])!;
  }

  const { type, data } = proposal;
  // Where nobody says when it happened, the instant is that of its arrival: an equal one means nothing.
  const isTimeClaimed = command.occurredAt !== undefined || command.submission?.clock !== undefined;
  const other = isTimeClaimed
    ? findOtherRecord(study, { type, subject, at, data, isTimeAssumed })
    : undefined;
  const flags = [
    ...proposal.flags,
    ...flagCircumstances(definition, animal, subject, protocols, at),
    ...flagUntrained(definition, data, time, protocol, circumstances, command),
    ...flagUncalibrated(data, time),
    ...(other ? [query(other.code, other.number)] : []),
    ...(command.afterClose || correcting?.isFoundLater ? [deviation(FOUND_LATER)] : []),
    ...(command.enteredAt === undefined ? [] : [form('delayed-entry')]),
    // A correction that keeps an assumed time does not make it a known one.
    ...(isTimeAssumed ? [form(TIME_ASSUMED)] : []),
  ];
  const unexplained = checkReason(definition, command, flags, late);
  if (unexplained) return unexplained;
  return completeProposal(proposal, {
    time,
    recordedtime,
    codes: listFlagCodes(flags, late, circumstances.flags, imported),
    command,
    subject,
    inForce: inForce?.version,
    irregular: flags,
  });
}

/**
 * The situation, with the protocol version in force, if any, and the place in a file that counts for a new record. `instant`,
 * ms, stands for the time that the command says.
 */
export function situationOf(
  command: Stated,
  study: Study,
  { nowMs, correcting, isTrained, individual, commitments = {} }: Circumstances,
  instant?: number,
): Situation & Readonly<{ inForce: ProtocolVersion | undefined; imported: ImportedFrom | undefined }> {
  const time = command.occurredAt ?? localInstant(nowMs, command.submission?.offsetMinutes ?? 0);
  const at = instant ?? instantMs(time) ?? nowMs;
  const protocols = new Protocols(study);
  const inForce = correcting
    ? protocols.versions.find(({ version }) => version === correcting.protocolVersion)
    : protocols.inForceAt(at);
  const imported = correcting ? undefined : command.submission?.imported;
  return {
    study,
    time,
    at,
    isTimeAssumed: correcting ? correcting.assumedAt === at : imported?.flags.includes(TIME_ASSUMED) === true,
    protocol: (inForce ?? protocols.versions[0])?.protocol as Protocol,
    protocols,
    animal: new AnimalAt(study, command.subject ?? '', at),
    isCorrection: correcting !== undefined,
    isTrained,
    individual: individual ?? new Set([command.submission?.actor ?? '']),
    commitments,
    inForce,
    imported,
  };
}

export function isLate({ at, protocol }: Situation, nowMs: number): boolean {
  return protocol !== undefined && minutesBetween(at, nowMs) > protocol.lateAfterMinutes;
}

/** Flags that depend on the time of the event, whatever the command records. */
function flagCircumstances(
  definition: CommandDefinition,
  animal: AnimalAt,
  subject: string | undefined,
  protocols: Protocols,
  at: number,
): Flag[] {
  const flags: Flag[] = [];
  if (!definition.beforeProtocol && !protocols.inForceAt(at)) flags.push(deviation('before-protocol'));
  if (subject === undefined || definition.anyAnimal) return flags;
  const { enrolled, excluded, fate } = animal;
  if (enrolled && at < enrolled.at) flags.push(deviation('before-enrolment'));
  const intervention = definition.phase === 'surgery' || definition.phase === 'treatment';
  if (intervention && excluded && excluded.at <= at) flags.push(deviation('after-exclusion'));
  const used = intervention || definition.phase === 'measurement';
  if (used && fate && fate.at <= at) flags.push(deviation('after-end-of-use'));
  return flags;
}

/** An instrument counts as calibrated on the day on which that is due again, and not after it. */
function flagUncalibrated(data: EventData, time: string): Flag[] {
  const { instrument } = data as { instrument?: { calibrationDue?: string } };
  const due = instrument?.calibrationDue;
  return due !== undefined && due < time.slice(0, 10) ? [deviation('calibration-overdue')] : [];
}

/** Judged for the surgeon, else for who observed it, else for who entered it. */
function flagUntrained(
  { name }: CommandDefinition,
  data: EventData,
  time: string,
  protocol: Protocol | undefined,
  { isTrained, correcting }: Circumstances,
  { submission }: StudyCommand,
): Flag[] {
  if (!isTrained || !protocol?.training?.some((procedure) => procedure === name)) return [];
  const { surgeon, observedBy } = data as { surgeon?: string; observedBy?: string };
  const person = surgeon ?? observedBy ?? correcting?.actor ?? submission.actor;
  return isTrained(person, name, time) ? [] : [deviation('untrained')];
}

export function checkReason(
  definition: CommandDefinition,
  command: Stated,
  flags: readonly Flag[],
  late: boolean,
): Refusal | undefined {
  if (command.reason !== undefined) return undefined;
  const codesOf = (kind: Flag['kind']): string =>
    flags
      .filter((flag) => flag.kind === kind)
      .map(({ code }) => code)
      .join(', ');
  const deviations = codesOf('deviation');
  if (deviations === FOUND_LATER) {
    return refuse(
      'reason-required',
      'This was found after the study was closed: say why in “reason”, and it is recorded as a deviation.',
      'reason',
    );
  }
  const queries = flags
    .filter(({ kind }) => kind === 'query')
    .map(({ code, otherRecord }) => (otherRecord === undefined ? code : `${code} record ${otherRecord}`))
    .join(', ');
  if (deviations !== '') {
    return refuse(
      'reason-required',
      `This departs from the protocol (${deviations}): say why in “reason”, and it is recorded as a deviation.`,
      'reason',
    );
  }
  if (queries !== '') {
    return refuse(
      'reason-required',
      `This is usually a mistake (${queries}): if it is intended, say why in “reason”, and it is recorded as a query.`,
      'reason',
    );
  }
  if (late)
    return refuse(
      'reason-required',
      'This is a late entry: say why in “reason”, and it is recorded as late.',
      'reason',
    );
  if (definition.reasonRequired)
    return refuse('reason-required', `${definition.name} needs a reason.`, 'reason');
  return undefined;
}

/** The sorted codes of all flags, with `deviation`, `implausible` and `query` where a flag is of that kind. */
function listFlagCodes(
  flags: readonly Flag[],
  late: boolean,
  ofAuthority: readonly string[] = [],
  imported?: ImportedFrom,
): string[] {
  const codes = new Set([...flags.map(({ code }) => code), ...ofAuthority]);
  for (const { kind } of flags) if (kind !== 'form') codes.add(kind);
  if (late) codes.add('late');
  if (imported) for (const code of ['imported', ...imported.flags]) codes.add(code);
  return [...codes].sort();
}

interface Completing {
  readonly time: string;
  readonly recordedtime: string;
  readonly codes: string[];
  readonly command: StudyCommand;
  readonly subject: string | undefined;
  readonly inForce: number | undefined;
  readonly irregular: readonly Flag[];
}

function completeProposal(
  proposal: Proposal,
  { time, recordedtime, codes, command, subject, inForce, irregular }: Completing,
): Decided {
  return {
    type: proposal.type,
    // Added members stand first: V8 before 12 gives `{ ...data, flags }` a new hidden class each time.
    data: codes.length > 0 ? { flags: codes, ...enteredOf(command), ...proposal.data } : proposal.data,
    time,
    recordedtime,
    subject: proposal.subject ?? subject,
    reason: command.reason,
    protocolversion: 'protocolVersion' in proposal ? proposal.protocolVersion : inForce,
    irregular,
  };
}
