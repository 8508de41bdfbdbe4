import { InvalidArgumentError, Option, type AddHelpTextContext, type Command } from 'commander';
import { isStudyCode } from '../study/study-code.js';
import { Failure } from './output/failure.js';

/** The folder of a ledger if none is named. */
export const DEFAULT_FOLDER = 'ledger';

/** `--data` */
export function dataOption(): Option {
  return new Option('--data <folder>', 'the ledger’s folder').default(DEFAULT_FOLDER);
}

/** `--study` */
export function studyOption(): Option {
  return new Option('--study <code>', 'the study').argParser(studyCode).makeOptionMandatory();
}

/** `--token-file` */
export function tokenOption(): Option {
  return new Option(
    '--token-file <file>',
    'on a ledger with people: file of the token of the person who acts; only you may read it',
  );
}

/** What `--study` takes. @throws InvalidArgumentError */
function studyCode(given: string): string {
  if (isStudyCode(given)) return given;
  throw new InvalidArgumentError(
    'A study code has capitals, digits and single hyphens, 40 characters at most, such as KET-01.',
  );
}

/** What `--seed-fd` takes. @throws Failure */
export function fileDescriptor(given: string): number {
  if (/^[0-9]{1,4}$/.test(given)) return Number(given);
  throw Failure.usage(`--seed-fd ${given} is not a file descriptor.`, 'Use a number, such as 3.');
}

/** The last lines of a help text: a command line as it would be typed. */
export function example(line: string): (context: AddHelpTextContext) => string {
  return ({ command }) => `\nExample: ${rootOf(command).name()} ${line}`;
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
