import { SubjectCommand, type CommandDefinition } from './command.js';
import { OF_A_LIVING_ANIMAL } from './living-animal.js';
import type { RefusalCode } from '../../refusal-codes.js';

/** The codes that a command can be refused with beside those of any command, sorted. */
export function refusalsOf({
  command,
  records,
  refuses,
  anyAnimal,
  afterClose,
  beforeProtocol,
}: CommandDefinition): RefusalCode[] {
  const codes = new Set(refuses);
  if (records !== 'StudyOpened') {
    codes.add('study-unknown').add('study-unfinished');
    codes.add('study-archived');
    if (!afterClose) codes.add('study-closed').add('study-open');
  }
  if (!beforeProtocol) codes.add('no-protocol').add('protocol-unsigned');
  if (command.prototype instanceof SubjectCommand && !anyAnimal)
    for (const code of OF_A_LIVING_ANIMAL) codes.add(code);
  return [...codes].sort();
}
