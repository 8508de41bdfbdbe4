import { v5 } from 'uuid';
import { labSchemaOf, type LabEventData, type LabEventType } from '../lab/events.js';
import type { Commanded } from '../lab/commanded.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import { utcInstant } from '../study/instant.js';
import { mismatch } from '../study/mismatch.js';
import { Refusal, refuse } from '../study/refusal.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { commandDigest, sealRecord, type Attribution, type Sealed, type Statement } from './seal.js';
import type { Proposal } from './write-plan.js';

export const LAB_SOURCE = '/lab';

/** RFC 9562 namespace of the ids under which the ledger itself records, so that doing it twice records it once. */
const OWN_COMMANDS = '6a9d4c1e-52b0-5e7b-8c33-90d2b7f1e4a8';

/** The actor of records that no person asked for. */
const LEDGER_ITSELF = { actor: 'study-ledger', actorrole: 'system' } as const;

export function ownCommandId(...parts: readonly (string | number)[]): string {
  return v5(parts.join('\n'), OWN_COMMANDS);
}

/** What the ledger records in its lab by itself. `data` is undefined where the lab says so already. */
export interface LabFact<T extends LabEventType> {
  readonly type: T;
  /** The imperative that the record is the past tense of. */
  readonly command: string;
  readonly commandId: string;
  readonly data: (lab: Lab) => LabEventData[T] | undefined;
  /** Whether `data` says the same whenever it is asked, or nothing: then a record of other data under the id is noticed. */
  readonly isFixed?: boolean;
}

export function proposeLabFact<T extends LabEventType>(
  fact: LabFact<T>,
  now: RecordClock,
): Proposal<Lab, LabRecord> {
  const { type, command, commandId, isFixed = false } = fact;
  const by = (data: object) => ({
    ...LEDGER_ITSELF,
    command,
    commanddigest: commandDigest(LEDGER_ITSELF.actor, command, data, ''),
  });
  return {
    command,
    commandId,
    study: '',
    decide(lab, size) {
      if (lab.size === 0 && type !== 'LedgerInitialised')
        throw new Error('This store holds no ledger yet: initialise it first.');
      const data = fact.data(lab);
      if (data === undefined) return [];
      const nowMs = now(lab.recordedMs);
      return [
        sealForLab(
          { ...by(data), commandid: commandId },
          { type, data, time: utcInstant(nowMs), recordedtime: recordedTime(nowMs, lab.recordedMs) },
          size,
        ),
      ];
    },
    isSame(lab, first) {
      const data = isFixed ? fact.data(lab) : undefined;
      const expected = { ...LEDGER_ITSELF, command, ...(data && by(data)) };
      return refuseTakenId(lab.commands.at(first), first, expected);
    },
  };
}

/** Refuses where the record that bears a command id answers anything else than what the ledger itself records under it. */
export function refuseTakenId(
  recorded: Commanded | undefined,
  number: number,
  expected: Partial<Commanded>,
): Refusal | undefined {
  const names = Object.keys(expected) as (keyof Commanded)[];
  if (recorded && names.every((name) => recorded[name] === expected[name])) return undefined;
  return refuse(
    'command-id-taken',
    `Record ${number} bears the command id of ${expected.command} and says something else: find out who recorded it.`,
    'id',
  );
}

/** @throws where the record does not fit its schema: a fault of the program. */
export function sealForLab(
  by: Attribution,
  statement: Statement,
  number: number,
  index = 0,
): Sealed<LabRecord> {
  const record = sealRecord<LabRecord>(by, statement, { source: LAB_SOURCE, number, index });
  const wrong = mismatch(labSchemaOf(record.parsed.record.type), record.parsed.record);
  if (wrong) throw new Error(`a ${statement.type} would not fit its schema: ${wrong.path} ${wrong.message}`);
  return record;
}

/** The receipt of what the ledger recorded by itself. @throws where it was refused. */
export function mustBeRecorded<A>(answer: A | Refusal): A {
  if (answer instanceof Refusal) throw new Error(answer.message);
  return answer;
}
