import type { Command } from 'commander';
import { dataOption, example, fileDescriptor } from './arguments.js';
import type { Act } from './subcommand.js';

/** Subcommands that manage the keys and anchors of a ledger, and copy and restore it. */
export function addEvidenceCommands(program: Command, act: Act): void {
  program.commandsGroup('Keep a ledger:');
  const keys = program
    .command('keys')
    .description('the signing keys of a ledger’s logs')
    .addHelpText('after', example('keys list'));
  keys
    .command('list')
    .description('list every published verifier key with the lab record that published it')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys list'))
    .action(act(async () => (await import('./commands/keys.js')).listKeys));
  keys
    .command('rotate')
    .description('change every key; the old and the new key both sign the current head')
    .addOption(dataOption())
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--new-seed', 'after a theft: derive the keys from a new seed')
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys rotate'))
    .action(act(async () => (await import('./commands/keys.js')).rotate));
  program
    .command('clock')
    .description('the clock of a ledger')
    .addHelpText('after', example('clock confirm --cause "stored for two years"'))
    .command('confirm')
    .description('record that the clock is right, after recording was refused because it leapt ahead')
    .addOption(dataOption())
    .requiredOption('--cause <text>', 'why it is so far ahead of the last record; it is recorded in the lab')
    .option('--json', 'print JSON')
    .addHelpText('after', example('clock confirm --cause "stored for two years"'))
    .action(act(async () => (await import('./commands/clock.js')).confirmClock));
  program
    .command('anchors')
    .description('show how far each log is anchored, witnessed and time-stamped')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .option('--ask', 'ask each witness what it has cosigned; exit 1 if that differs from this ledger')
    .addHelpText('after', example('anchors --ask'))
    .action(act(async () => (await import('./commands/anchors.js')).anchors));
  program
    .command('backup')
    .description('copy a ledger, even while it is in use, without seed and marks')
    .addOption(dataOption())
    .requiredOption('--to <folder>', 'an empty folder')
    .option(
      '--disclosures-until <date>',
      'last day of the copy of names; by default 28 days from now, at most 90',
    )
    .option('--only-disclosures', 'copy the names alone; their records may lie on a cluster')
    .option('--json', 'print JSON')
    .addHelpText('after', example('backup --to /media/copy'))
    .action(act(async () => (await import('./commands/backup.js')).backup));
  program
    .command('restore-drill')
    .description('check whether a backup can be restored')
    .argument('<folder>', 'the folder that study-ledger backup wrote')
    .option('--json', 'print JSON')
    .addHelpText('after', example('restore-drill /media/copy'))
    .action(act(async () => (await import('./commands/backup.js')).restoreDrill));
  program
    .command('restore')
    .description('restore lost records byte for byte, and record the restore')
    .addOption(dataOption())
    .option('--from <folder>', 'a ledger’s folder, a backup or a bundle (folder or .zip)')
    .option('--without-source', 'restore no records: the marks were lost, or an alarm was investigated')
    .option('--cause <text>', 'what happened; recorded in the lab log', 'not stated')
    .option('--seed-file <file>', 'file of the master seed')
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--marks <folder>', 'folder of the marks')
    .option('--disclosures <folder>', 'folder of the names of people')
    .option('--only-disclosures', 'restore names into a ledger that lacks no record')
    .option('--json', 'print JSON')
    .addHelpText('after', example('restore --from /media/copy --cause "the disk failed"'))
    .action(act(async () => (await import('./commands/restore.js')).restoreInto));
  program
    .command('copy')
    .description('copy every record into another store byte for byte, and compare all roots')
    .requiredOption('--from <place>', 'a ledger’s folder, or kurrentdb://…')
    .requiredOption(
      '--to <place>',
      'a folder or kurrentdb://…, empty or with the first records of the same ledger',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nAn interrupted copy continues when it is run again.')
    .addHelpText(
      'after',
      example('copy --from ledger --to kurrentdb://db.example:2113?credentialsFile=db.json'),
    )
    .action(act(async () => (await import('./commands/copy.js')).copy));
}
