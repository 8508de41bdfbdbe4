import type { LedgerInitialised } from '../lab/events.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/common/command.js';
import { utcInstant } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import { emptyStudy } from '../study/study.js';
import { authoriseCommand } from '../lab/people/command-authority.js';
import { proposeLabFact, sealForLab } from './lab-records.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { attributeTo, refuseReusedId } from './propose-command.js';
import type { Proposal } from './write-plan.js';

/** When a simulated ledger begins: before any time that a simulation sets, and always the same. */
export const SIMULATED_BEGINNING = Date.UTC(2000, 0, 1);

/** Lab record 0: the ledger begins. */
export function proposeLedger(
  data: LedgerInitialised,
  commandId: string,
  now: RecordClock,
): Proposal<Lab, LabRecord> {
  const first = proposeLabFact(
    { type: 'LedgerInitialised', command: 'InitialiseLedger', commandId, data: () => data, isFixed: true },
    now,
  );
  return {
    ...first,
    decide: (lab, size) =>
      size > 0 ? refuse('ledger-exists', 'This ledger is initialised already.') : first.decide(lab, size),
  };
}

/**
 * Takes the study's code in the lab, for ever, and publishes the key of its log. Where a registration was cut off before
 * the study's own stream began, only the same registration can finish it; it appends nothing here.
 */
export function proposeCode(
  definition: CommandDefinition,
  command: StudyCommand,
  digest: string,
  vkey: string,
  now: RecordClock,
): Proposal<Lab, LabRecord> {
  const { submission, occurredAt } = command;
  const code = submission.study;
  return {
    command: definition.name,
    commandId: submission.id,
    study: code,
    decide(lab, size) {
      const taken = lab.studies.get(code);
      if (taken && taken.digest !== digest) return refuseTakenCode(code);
      if (taken) return [];
      const nowMs = now(lab.recordedMs, submission);
      const authority = authoriseCommand(lab, definition, command, emptyStudy(code), nowMs);
      if (authority instanceof Refusal) return authority;
      const statement = {
        type: 'StudyRegistered',
        data: { code, registration: digest, vkey },
        time: occurredAt ?? utcInstant(nowMs),
        recordedtime: recordedTime(nowMs, lab.recordedMs),
      };
      return [sealForLab(attributeTo(definition, submission, authority.role, digest), statement, size)];
    },
    isSame(lab, first) {
      const recorded = lab.commands.at(first);
      const isSame = recorded?.command === definition.name && recorded.commanddigest === digest;
      return isSame ? undefined : refuseReusedId(first);
    },
  };
}

export function refuseTakenCode(code: string): Refusal {
  return refuse('study-exists', `The code ${code} is taken: a study code is never used again.`, 'study');
}
