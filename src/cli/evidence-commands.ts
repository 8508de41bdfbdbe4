import type { Command } from 'commander';
import { dataOption, example, fileDescriptor } from './arguments.js';
import type { Act } from './subcommand.js';

/** Subcommands that create a ledger, manage its keys and anchors, and copy and restore it. */
export function addEvidenceCommands(program: Command, act: Act): void {
  program
    .command('init')
    .description('create a ledger with its master seed, for one facility; the name cannot be changed')
    .addOption(dataOption())
    .requiredOption('--facility <name>', 'name like a domain, in lower case, such as lab.example')
    .option('--seed-file <file>', 'file of the master seed, created if there is none; use another medium')
    .option(
      '--seed-fd <number>',
      'read the master seed from a file descriptor; it is not stored',
      fileDescriptor,
    )
    .option(
      '--marks <folder>',
      'folder of the last signed head of each log; use one that no restore overwrites',
    )
    .option('--anchors <folder>', 'folder of published lab checkpoints; use another medium')
    .option(
      '--admin-credentials <file>',
      'on a cluster: file with user:password of an administrator, to create the ledger’s user and restrict rights',
    )
    .option('--policy <file>', 'C2SP tlog-policy that names witnesses; the log line is optional')
    .option('--tsa <url>', 'URL of an RFC 3161 time-stamp authority for lab checkpoints')
    .option('--tsa-ca <file>', 'PEM file of the authorities that its certificate must come from')
    .option('--tsa-policy <oid...>', 'accepted policies of the authority; by default any')
    .option('--plain-http', 'accept http: addresses of witnesses and authority outside this machine')
    .option('--json', 'print JSON')
    .addHelpText('after', example('init --data ledger --facility lab.example --anchors /media/wo/anchors'))
    .action(act(async () => (await import('./commands/init.js')).init));
  const keys = program.command('keys').description('the signing keys of a ledger’s logs');
  keys
    .command('list')
    .description('list every published verifier key with the lab record that published it')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys list --data my-ledger'))
    .action(act(async () => (await import('./commands/keys.js')).listKeys));
  keys
    .command('rotate')
    .description('change every key; the old and the new key both sign the current head')
    .addOption(dataOption())
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option('--new-seed', 'after a theft: derive the keys from a new seed')
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys rotate --data my-ledger'))
    .action(act(async () => (await import('./commands/keys.js')).rotate));
  program
    .command('clock')
    .description('the clock of a ledger')
    .command('confirm')
    .description('record that the clock is right, after recording was refused because it leapt ahead')
    .addOption(dataOption())
    .requiredOption('--cause <text>', 'why it is so far ahead of the last record; it is recorded in the lab')
    .option('--json', 'for programs')
    .addHelpText('after', example('clock confirm --data my-ledger --cause "stored for two years"'))
    .action(act(async () => (await import('./commands/clock.js')).confirmClock));
  program
    .command('anchors')
    .description('show how far each log is anchored, witnessed and time-stamped')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .option('--ask', 'ask each witness what it has cosigned; exit 1 if that differs from this ledger')
    .addHelpText('after', example('anchors --data my-ledger --ask'))
    .action(act(async () => (await import('./commands/anchors.js')).anchors));
  program
    .command('backup')
    .description('copy a ledger, even while it is in use, without seed and marks')
    .addOption(dataOption())
    .requiredOption('--to <folder>', 'an empty folder')
    .option('--json', 'print JSON')
    .addHelpText('after', example('backup --data my-ledger --to /media/copy'))
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
    .option('--json', 'print JSON')
    .addHelpText('after', example('restore --data my-ledger --from /media/copy --cause "the disk failed"'))
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
      example('copy --from my-ledger --to kurrentdb://db.example:2113?credentialsFile=db.json'),
    )
    .action(act(async () => (await import('./commands/copy.js')).copy));
}
