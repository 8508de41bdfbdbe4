import type { Command } from 'commander';
import { fileDescriptor } from './arguments.js';
import type { Act } from './subcommand.js';

/** What keeps a ledger and its evidence safe: making it, its keys, who watches it, copies and their way back. */
export function addEvidenceCommands(program: Command, act: Act): void {
  program
    .command('init')
    .description('make a ledger: its folder, its master seed, the facility that it belongs to for ever')
    .requiredOption('--data <folder>', 'where the ledger is to lie')
    .requiredOption('--facility <name>', 'a domain-like name in lower case, such as lab.example')
    .option('--seed-file <file>', 'where the master seed is to lie, or lies: best on other media')
    .option(
      '--seed-fd <number>',
      'read the master seed from a file descriptor, and store it nowhere',
      fileDescriptor,
    )
    .option(
      '--marks <folder>',
      'where the last signed head of each log is kept: best out of reach of any restore',
    )
    .option('--anchors <folder>', 'where published lab checkpoints are written: best on other media')
    .option(
      '--admin-credentials <file>',
      'on a cluster: user:password of an administrator, who makes the ledger’s user and closes the server to others',
    )
    .option('--policy <file>', 'a C2SP tlog-policy that names witnesses; its log line may be left out')
    .option('--tsa <url>', 'an RFC 3161 time-stamp authority that stamps the lab’s checkpoints')
    .option('--tsa-ca <file>', 'PEM file of the authorities that its certificate must come from')
    .option('--tsa-policy <oid...>', 'its policies that are accepted; any where left out')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExample: study-ledger init --data ledger --facility lab.example --anchors /media/wo/anchors',
    )
    .action(act(async () => (await import('./commands/init.js')).init));
  const keys = program.command('keys').description('the keys that the logs of a ledger sign with');
  keys
    .command('list')
    .description('every verifier key that was published, with the lab record that published it')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger keys list --data my-ledger')
    .action(act(async () => (await import('./commands/keys.js')).listKeys));
  keys
    .command('rotate')
    .description('change every key; the head at the change is signed by the old and the new one')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--new-seed', 'after a theft: keys that are not derived from the seed at hand')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger keys rotate --data my-ledger')
    .action(act(async () => (await import('./commands/keys.js')).rotate));
  program
    .command('anchors')
    .description('how far the heads of the logs have come: lab, witnesses, time stamps')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--json', 'for programs')
    .option('--ask', 'ask each witness what it has cosigned, and compare; exit 1 where it is another log')
    .addHelpText('after', '\nExample: study-ledger anchors --data my-ledger --ask')
    .action(act(async () => (await import('./commands/anchors.js')).anchors));
  program
    .command('backup')
    .description('a consistent copy while the ledger is in use: not the seed, not the marks')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .requiredOption('--to <folder>', 'an empty folder')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger backup --data my-ledger --to /media/copy')
    .action(act(async () => (await import('./commands/backup.js')).backup));
  program
    .command('restore-drill')
    .description('restore a copy elsewhere, check all of it, and say what it is worth')
    .argument('<folder>', 'what study-ledger backup wrote')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger restore-drill /media/copy')
    .action(act(async () => (await import('./commands/backup.js')).restoreDrill));
  program
    .command('restore')
    .description('bring lost records back, byte for byte, and record that this was done')
    .requiredOption('--data <folder>', 'where the ledger lies, or is to lie')
    .option('--from <folder>', 'a ledger’s folder, a backup, or a bundle: a folder or a .zip')
    .option(
      '--without-source',
      'nothing is to be brought back: the marks are lost, or an alarm was looked into',
    )
    .option('--cause <text>', 'what happened; it is recorded in the lab', 'not stated')
    .option('--seed-file <file>', 'where the master seed lies')
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--marks <folder>', 'where the marks lie')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExample: study-ledger restore --data my-ledger --from /media/copy --cause "the disk failed"',
    )
    .action(act(async () => (await import('./commands/restore.js')).restoreInto));
  program
    .command('copy')
    .description('carry every record into another store, byte for byte, and compare all roots')
    .requiredOption('--from <place>', 'a ledger’s folder, or kurrentdb://…')
    .requiredOption(
      '--to <place>',
      'a folder or kurrentdb://…, empty or with the beginning of the same ledger',
    )
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nIt can be broken off and run again: it goes on where it stopped.\nExample: study-ledger copy --from my-ledger --to kurrentdb://db.example:2113?credentialsFile=db.json',
    )
    .action(act(async () => (await import('./commands/copy.js')).copy));
}
