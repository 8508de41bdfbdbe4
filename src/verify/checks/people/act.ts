import { instantMs } from '../instant.js';
import { textOf, type Attributes } from '../record.js';

/** A record of the lab about people: what it says, and who says it. */
export interface Act {
  readonly number: number;
  readonly type: string;
  readonly facts: Attributes;
  readonly actor: string;
  readonly role: string;
  readonly session: string;
  readonly commandId: string;
  /** Of recording, ms. */
  readonly ms: number;
}

/** The actor of what the ledger records by itself. */
export const LEDGER_ITSELF = 'study-ledger';

export function actOf(number: number, record: Attributes): Act {
  return {
    number,
    type: textOf(record['type']),
    facts: (record['data'] ?? {}) as Attributes,
    actor: textOf(record['actor']),
    role: textOf(record['actorrole']),
    session: textOf(record['session']),
    commandId: textOf(record['commandid']),
    ms: instantMs(textOf(record['recordedtime'])),
  };
}

/** An instant that may be left out. */
export function instantOr(value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : instantMs(textOf(value));
}

/** Says what is wrong with a record of the lab. */
export type Fault = (
  check: 'person' | 'authority' | 'credential' | 'session' | 'commitment',
  message: string,
) => void;
