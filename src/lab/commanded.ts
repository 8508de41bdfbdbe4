import type { RecordAttributes } from '../study/record.js';

/** What a record answers. It tells whether a command that comes under the same id again is the same one. */
export type Commanded = Pick<RecordAttributes, 'actor' | 'actorrole' | 'command' | 'commanddigest'>;

/** A copy, so that the record itself need not be kept. */
export function commandedBy({ actor, actorrole, command, commanddigest }: RecordAttributes): Commanded {
  return { actor, actorrole, command, commanddigest };
}
