import { Option, type Command } from 'commander';
import { dataOption, example, fileDescriptor } from './arguments.js';
import type { Act } from './subcommand.js';

/** Subcommands about the people of a ledger, on its folder. All else about people is done on pages, with a passkey. */
export function addPeopleCommands(program: Command, act: Act): void {
  program.commandsGroup('Keep a ledger:');
  const people = program
    .command('people')
    .description('the people of a ledger: begin, recover an administrator, list')
    .addHelpText('after', example('people list'));
  addBeginOptions(
    people
      .command('begin')
      .description('register the first administrator, and print the link that enrols the first passkey')
      .addOption(dataOption()),
    { isRequired: true },
  )
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nStop the server first. A second run ends the link of the first.')
    .addHelpText(
      'after',
      example('people begin --url https://ledger.lab.example --administrator admin-1 --name "A. Example"'),
    )
    .action(act(async () => (await import('./commands/people.js')).begin));
  people
    .command('recover')
    .description('give an administrator a new enrolment; takes the master seed, and is a finding for ever')
    .addOption(dataOption())
    .option('--administrator <id>', 'the administrator, or a new id; by default the only administrator')
    .option('--name <name>', 'name of a new administrator; by default the id')
    .option('--confirm-occurrences', 'the new id occurs in a study already, and is this person')
    .addOption(
      new Option('--cause <cause>', 'why')
        .choices(['lost', 'stolen', 'left', 'unreachable'])
        .makeOptionMandatory(),
    )
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nTheir earlier passkeys, tokens, links and sessions end at once.')
    .addHelpText('after', example('people recover --administrator admin-1 --cause lost'))
    .action(act(async () => (await import('./commands/people.js')).recover));
  people
    .command('list')
    .description('list everybody, with state, roles and passkeys; works beside a server')
    .addOption(dataOption())
    .option('--at <size>', 'as of a size of the lab')
    .option('--json', 'print JSON')
    .addHelpText('after', example('people list --at 40'))
    .action(act(async () => (await import('./commands/people.js')).listPeople));
}

/** Where people sign in, and who the first administrator is. */
export function addBeginOptions(command: Command, { isRequired }: { isRequired: boolean }): Command {
  const needed = (flags: string, description: string): Option =>
    new Option(flags, description).makeOptionMandatory(isRequired);
  return command
    .addOption(needed('--url <origin>', 'address that people open: https://NAME, or http://localhost:3000'))
    .addOption(needed('--administrator <id>', 'the first administrator, a pseudonym such as admin-1'))
    .option('--name <name>', 'name of the administrator, which can be erased; by default the id')
    .option('--confirm-occurrences', 'the id occurs in a study already, and is this person')
    .option('--rp-id <host>', 'host that passkeys are bound to; by default that of the address')
    .option('--zone <zone>', 'time zone of the laboratory; by default that of this machine')
    .addOption(
      new Option('--passkeys <which>', 'device-bound takes security keys only, none that are copied')
        .choices(['any', 'device-bound'])
        .default('any'),
    );
}
