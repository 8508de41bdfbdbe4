import type { EventType } from '../../events/events.js';
import { refuse, type Refusal } from '../../refusal.js';
import { closureOf, isOpened, type Protocols, type Study } from '../../study.js';
import type { CommandDefinition, Stated } from './command.js';
import { checkNotDiscarded } from './entry-times.js';

/** What is recorded in an archived study: that it is reopened, and signatures. */
const OF_AN_ARCHIVED_STUDY: ReadonlySet<EventType> = new Set(['StudyReopened', 'SignatureApplied']);

/** What bars a command whatever it says. */
export function checkStudy(
  definition: CommandDefinition,
  { submission }: Stated,
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
  if (state === 'archived' && !OF_AN_ARCHIVED_STUDY.has(definition.records)) {
    return refuse(
      'study-archived',
      `${study.code} is archived: nothing is recorded in it. Its director may reopen it.`,
    );
  }
  if (state === 'closed' && !definition.afterClose) {
    return refuse(
      'study-closed',
      `${study.code} is closed: only corrections, voids, acknowledgements, assessments of severity and changes of the director are taken.`,
    );
  }
  return checkProtocolled(definition, study, protocols) ?? checkNotDiscarded(submission?.id, study);
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
