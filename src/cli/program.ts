import { Command, Option } from 'commander';
import { addEvidenceCommands } from './evidence-commands.js';
import type { Act, Io } from './subcommand.js';
import { addLedgerCommands } from './ledger-commands.js';
import { addOutputCommands } from './output-commands.js';
import { addReferenceCommands } from './reference-commands.js';
import { VERSION } from '../shared/version.js';
import { addWelfareCommands } from './welfare-commands.js';

export interface ProgramOptions {
  /** Nothing for people on the error output. */
  readonly json: boolean;
  /** Told the exit code. */
  readonly exit: (code: number) => void;
}

/** Every subcommand with its options and its help, and with what runs it. */
export function buildProgram(io: Io, { json, exit }: ProgramOptions): Command {
  const program = new Command('study-ledger')
    .description('An event-sourced, audit-grade ledger for in-vivo pain studies.')
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError('(study-ledger --help shows every command)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.print(text.replace(/\n$/, '')),
      writeErr: (text) => void (json || io.warn(text.replace(/\n$/, ''))),
    });
  const act: Act =
    (load) =>
    async (...given) => {
      const handler = await load();
      const answer = await handler(...([...given.slice(0, -1), io] as never[]));
      if (typeof answer === 'string') io.print(answer);
      else exit(answer ?? 0);
    };
  addLedgerCommands(program, act);
  addOutputCommands(program, act);
  addEvidenceCommands(program, act);
  addWelfareCommands(program, act);
  addReferenceCommands(program, act);
  addStoreOption(program, io.env['STUDY_LEDGER_STORE']);
  return program;
}

/** Wherever a ledger’s folder is named, its records may lie on a cluster. */
function addStoreOption(program: Command, fromEnvironment: string | undefined): void {
  for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    if (command.options.some(({ long }) => long === '--data'))
      command.addOption(
        new Option(
          '--store <address>',
          'the records lie on a KurrentDB cluster: kurrentdb://host:2113,…?tlsCaFile=…&credentialsFile=…',
        ).default(fromEnvironment, 'STUDY_LEDGER_STORE'),
      );
}
