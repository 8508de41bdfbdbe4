import type { EventType } from '../../events/events.js';
import { refuse, type Refusal } from '../../refusal.js';
import { instantMs, utcInstant } from '../../instant.js';
import type { Closure } from '../../signatures/closure.js';
import { closureOf, isOpened, type Protocols, type Study } from '../../study.js';
import type { CommandDefinition, Stated } from './command.js';
import { checkNotDiscarded } from './entry-times.js';

/** What is recorded in an archived study: that it is reopened, a new director where the old one has left, and signatures. */
const OF_AN_ARCHIVED_STUDY: ReadonlySet<EventType> = new Set([
  'StudyReopened',
  'DirectorReplaced',
  'SignatureApplied',
]);

/** Whether a closed study takes it as what happened before and was found later. */
export function canBeFoundLater({ afterClose, phase }: CommandDefinition): boolean {
  return !afterClose && phase !== 'study';
}

/** Whether a study in a state takes it at all; a closed one perhaps only as found later. */
export function isTakenIn(state: Closure['state'], definition: CommandDefinition): boolean {
  switch (state) {
    case 'open':
      return true;
    case 'closed':
      return definition.afterClose || canBeFoundLater(definition);
    case 'archived':
      return OF_AN_ARCHIVED_STUDY.has(definition.records);
  }
}

/** What bars a command whatever it says. */
export function checkStudy(
  definition: CommandDefinition,
  command: Stated,
  study: Study,
  protocols: Protocols,
): Refusal | undefined {
  const registers = definition.records === 'StudyOpened';
  if (registers && isOpened(study)) {
    return refuse('study-exists', `${study.code} is registered: a study code is never used again.`, 'study');
  }
  if (!registers && !isOpened(study)) {
    return refuse('study-unknown', `There is no study ${study.code} here: register it first.`, 'study');
  }
  const { state } = closureOf(study);
  if (state === 'archived' && !isTakenIn(state, definition)) {
    return refuse(
      'study-archived',
      `${study.code} is archived: nothing is recorded in it. Its director may reopen it; where the director has left, management names another first.`,
    );
  }
  return (
    checkClosed(definition, command, study) ??
    checkProtocolled(definition, study, protocols) ??
    checkNotDiscarded(command.submission?.id, study)
  );
}

/** A closed study takes what puts its records right, and what was found later and happened before it was closed. */
function checkClosed(
  definition: CommandDefinition,
  { afterClose, occurredAt }: Stated,
  study: Study,
): Refusal | undefined {
  const { closed } = closureOf(study);
  const canBeFound = canBeFoundLater(definition);
  if (!afterClose) {
    if (!closed || definition.afterClose) return undefined;
    const how = canBeFound
      ? 'What happened before and was found later is sent with “afterClose”: true, the time when it happened, and a reason. For anything else its director reopens it.'
      : 'Its director reopens it first.';
    return refuse('study-closed', `${study.code} is closed. ${how}`, canBeFound ? 'afterClose' : undefined);
  }
  if (!canBeFound)
    return refuse(
      'field-invalid',
      `afterClose is said of what was found after a study was closed, and ${definition.name} records nothing of that kind: leave it out.`,
      'afterClose',
    );
  if (!closed)
    return refuse('study-open', `${study.code} is not closed: leave out “afterClose”.`, 'afterClose');
  if ((instantMs(occurredAt ?? '') ?? Infinity) <= closed.at) return undefined;
  return refuse(
    'study-closed',
    `${study.code} was closed at ${utcInstant(closed.at)}: say in occurredAt when it happened, before that.`,
    'occurredAt',
  );
}

/** Nothing of a study is recorded before its protocol is in force, but that a protocol which is not signed is withdrawn. */
function checkProtocolled(
  { beforeProtocol, records }: CommandDefinition,
  { code }: Study,
  { versions, unsigned: [waiting] }: Protocols,
): Refusal | undefined {
  if (versions.length > 0 || beforeProtocol || (waiting && records === 'RecordVoided')) return undefined;
  if (!waiting)
    return refuse('no-protocol', `${code} has no approved protocol yet: send ApproveProtocol first.`);
  return refuse(
    'protocol-unsigned',
    `The protocol of ${code} (record ${waiting.holder}) is not signed yet: its director signs it as approved, and it is in force from then on.`,
  );
}
