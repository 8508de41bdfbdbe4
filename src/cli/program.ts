import { Command, Help, Option } from 'commander';
import { addEvidenceCommands } from './evidence-commands.js';
import type { Act, Io } from './subcommand.js';
import { addLedgerCommands } from './ledger-commands.js';
import { addOutputCommands } from './output-commands.js';
import { addPeopleCommands } from './people-commands.js';
import { addReferenceCommands } from './reference-commands.js';
import { VERSION } from '../shared/version.js';
import { escapeControls } from '../verify/checks/printable.js';
import { addWelfareCommands } from './welfare-commands.js';

export interface ProgramOptions {
  /** Suppresses error text for people. */
  readonly json: boolean;
  /** Receives the exit code of the subcommand. */
  readonly exit: (code: number) => void;
}

/** Declares every subcommand with its options and help. */
export function buildProgram(io: Io, { json, exit }: ProgramOptions): Command {
  const program = new Command(io.program)
    .description('An event-sourced, audit-grade ledger for in-vivo pain studies.')
    .addHelpText('after', `\n${EXIT_CODES}\nBegin with: ${io.program} demo`)
    .configureHelp({ optionDescription: describeOption })
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError(`(${io.program} --help shows every command)`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.print(...linesOf(text)),
      writeErr: (text) => void (json || io.warn(...linesOf(text))),
      outputError: (text, write) => write(onOneLine(text)),
      getOutHelpWidth: () => io.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => io.columns ?? HELP_WIDTH,
    });
  const act: Act =
    (load) =>
    async (...given) => {
      const handler = await load();
      const answer = await handler(...([...given.slice(0, -1), io] as never[]));
      if (typeof answer === 'string') io.print(answer);
      else if (typeof answer === 'object') io.print(...answer);
      else exit(answer ?? 0);
    };
  addLedgerCommands(program, act);
  addOutputCommands(program, act);
  addPeopleCommands(program, act);
  addEvidenceCommands(program, act);
  addWelfareCommands(program, act);
  addReferenceCommands(program, act);
  addStoreOption(program, io.env['STUDY_LEDGER_STORE']);
  return program;
}

const EXIT_CODES =
  'Exit codes: 0 done, or yes; 1 refused, not there, or a check failed; 2 the command line\ncannot be right (verify has its own, see its help).';

/** As Commander describes it, and whether the option may be left out. */
function describeOption(option: Option): string {
  const text = new Help().optionDescription(option);
  return option.mandatory ? `${text} (required)` : text;
}

/** Columns of text, where nothing is known of a terminal. */
const HELP_WIDTH = 100;

/** An error quotes what was typed, which may hold line breaks; its own is only before a suggestion. */
function onOneLine(text: string): string {
  const [, message = '', suggestion = ''] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? [];
  return `${escapeControls(message)}${suggestion}\n`;
}

/** Help and errors as Commander writes them. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Adds --store to every subcommand that takes --data. */
function addStoreOption(program: Command, fromEnvironment: string | undefined): void {
  for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    if (command.options.some(({ long }) => long === '--data'))
      command.addOption(
        new Option(
          '--store <address>',
          'the KurrentDB cluster that holds the records: kurrentdb://host:2113,…?tlsCaFile=…&credentialsFile=… (environment: STUDY_LEDGER_STORE)',
        ).default(fromEnvironment, 'the value of STUDY_LEDGER_STORE'),
      );
}
