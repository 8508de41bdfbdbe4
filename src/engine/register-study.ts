import type { Lab, LabRecord } from '../lab/lab.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/command.js';
import { utcInstant } from '../study/instant.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { attribution, type Now } from './recording.js';
import { commandDigest, seal } from './seal.js';
import type { Waiting } from './write-queue.js';

export const LAB_SOURCE = '/lab';

/** Lab record 0: the ledger begins. */
export function initialising(
  facility: string,
  simulated: boolean,
  commandid: string,
  now: Now,
): Waiting<Lab, LabRecord> {
  const data = { facility, simulated };
  return {
    commandId: commandid,
    study: '',
    decide(lab, size) {
      if (size > 0) return refuse('ledger-exists', 'This ledger is initialised already.');
      const time = utcInstant(now(lab.recordedMs));
      const who = { actor: 'study-ledger', actorrole: 'system', command: 'InitialiseLedger', commandid };
      const record = {
        ...who,
        commanddigest: commandDigest(who.actor, who.command, data, ''),
        type: 'LedgerInitialised',
        data,
        time,
        recordedtime: time,
      };
      return [seal<LabRecord>(record, LAB_SOURCE, size)];
    },
    isSame: () => undefined,
  };
}

/**
 * Takes the study's code in the lab, for ever. A registration that was cut off before the study's own stream began is
 * finished by the same registration and by no other; then there is nothing to append here.
 */
export function takingCode(
  definition: CommandDefinition,
  command: StudyCommand,
  digest: string,
  now: Now,
): Waiting<Lab, LabRecord> {
  const { submission, occurredAt } = command;
  const code = submission.study;
  return {
    commandId: `${code}/${submission.id}`,
    study: code,
    decide(lab, size) {
      const taken = lab.studies.get(code);
      if (taken && taken.digest !== digest) return codeTaken(code);
      if (taken) return [];
      const recordedtime = utcInstant(now(lab.recordedMs, submission));
      const record = {
        ...attribution(definition, submission, digest),
        type: 'StudyRegistered',
        data: { code, registration: digest },
        time: occurredAt ?? recordedtime,
        recordedtime,
      };
      return [seal<LabRecord>(record, LAB_SOURCE, size)];
    },
    isSame: () => undefined,
  };
}

export function codeTaken(code: string): Refusal {
  return refuse('study-exists', `The code ${code} is taken: a study code is never used again.`, 'study');
}
