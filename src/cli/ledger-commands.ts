import type { Command } from 'commander';
import { fileDescriptor, studyCode } from './arguments.js';
import type { Act } from './subcommand.js';

/** The commands that people need first: trying it out, recording, asking, checking, handing over. */
export function addLedgerCommands(program: Command, act: Act): void {
  program
    .command('demo')
    .description('play the simulated reference study into a ledger and show what it makes of it')
    .option('--data <folder>', 'where the ledger lies', 'demo-ledger')
    .addHelpText('after', '\nExample: study-ledger demo --data demo-ledger')
    .action(act(async () => (await import('./commands/demo.js')).demo));
  program
    .command('studies')
    .description('list the studies of a ledger')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger studies --data demo-ledger')
    .action(act(async () => (await import('./commands/studies.js')).studies));
  program
    .command('serve')
    .description('serve the HTTP API on 127.0.0.1')
    .option('--data <folder>', 'where the ledger lies', 'ledger')
    .option('--port <number>', 'port', '3000')
    .option('--seed-file <file>', 'the master seed, where it does not lie in the ledger’s folder')
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .addHelpText('after', '\nExample: study-ledger serve --data my-ledger --port 3000')
    .action(act(async () => (await import('./commands/serve.js')).serve));
  program
    .command('play')
    .description('record the commands of a file, one JSON object a line')
    .argument('<file>', 'commands, NDJSON')
    .requiredOption('--data <folder>', 'where the ledger lies; made where there is none')
    .option(
      '--simulated',
      'into a ledger that is marked as simulated for ever; lines may set clock, actor and role',
    )
    .option('--keep-going', 'do not stop at a refusal')
    .option('--json', 'one result a line')
    .addHelpText(
      'after',
      '\nExample: study-ledger play examples/reference-study.ndjson --data my-ledger --simulated',
    )
    .action(act(async () => (await import('./commands/play.js')).playFile));
  program
    .command('import')
    .description('record the rows of a spreadsheet (.csv, .xlsx), as a saved mapping reads them: all or none')
    .argument('<file>', 'the spreadsheet')
    .requiredOption(
      '--mapping <file>',
      'what the cells mean, JSON; or tidy, for a table that this program exported',
    )
    .requiredOption('--study <code>', 'the study', studyCode)
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--importer <id>', 'whose import it is')
    .option('--dry-run', 'show what would be recorded, flagged or refused, row by row, and record nothing')
    .option('--keep-going', 'record what can be recorded although other rows are refused')
    .option('--json', 'one result a row, then a summary')
    .addHelpText(
      'after',
      '\nExample: study-ledger import runs.csv --mapping runs.mapping.json --study KET-01 --data my-ledger --dry-run',
    )
    .action(act(async () => (await import('./commands/import.js')).importFile));
  program
    .command('show')
    .description('show a projection of one study')
    .argument(
      '<projection>',
      'responder-status, dose-titration, threshold-series, study-flow, audit-trail, welfare',
    )
    .requiredOption('--study <code>', 'the study', studyCode)
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--subject <id>', 'one animal only')
    .option('--at <size|time>', 'as known then: a tree size, or a recorded time')
    .option('--until <time>', 'as had happened by then')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExample: study-ledger show responder-status --study KET-01 --data demo-ledger --at 700',
    )
    .action(act(async () => (await import('./commands/show.js')).show));
  program
    .command('records')
    .description('print stored records, each line exactly the bytes of one record')
    .requiredOption('--study <code>', 'the study', studyCode)
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--from <number>', 'first record number', '0')
    .option('--json', 'errors for programs as well; records are JSON anyway')
    .addHelpText('after', '\nExample: study-ledger records --study KET-01 --data demo-ledger --from 1577')
    .action(act(async () => (await import('./commands/records.js')).records));
  program
    .command('verify')
    .description('check a ledger’s folder, or an exported bundle')
    .argument('[bundle]', 'a bundle: a folder, or a .zip')
    .option('--data <folder>', 'a ledger’s folder instead')
    .option(
      '--lab-vkey <key>',
      'verifier key of the laboratory’s log, got from elsewhere than what is checked',
    )
    .option('--policy <file>', 'C2SP tlog-policy, got from elsewhere: the log’s key, witnesses, quorum')
    .option('--tsa-ca <file>', 'PEM file, got from elsewhere: certificates that time stamps must come from')
    .option('--at <time>', 'time of the audit, where it is not now')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      '\nExit code: 0 all checks passed, 1 a check failed, 2 incomplete or not checkable, 3 not understood.' +
        '\nExample: study-ledger verify KET-01.zip --lab-vkey lab.example/ledger/lab+…',
    )
    .action(act(async () => (await import('./commands/verify.js')).verify));
  program
    .command('export')
    .description('export a study as an audit bundle that can be checked without this program')
    .requiredOption('--study <code>', 'the study', studyCode)
    .requiredOption('--data <folder>', 'where the ledger lies')
    .requiredOption('--to <place>', 'a new folder, or a file whose name ends in .zip')
    .option('--at <size>', 'an earlier state: a tree size')
    .option('--subject <id>', 'the records of one animal only')
    .option(
      '--unrecorded',
      'beside a running server: only what is anchored already, and no record of the export',
    )
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger export --study KET-01 --data demo-ledger --to KET-01.zip')
    .action(act(async () => (await import('./commands/export.js')).exportStudy));
}
