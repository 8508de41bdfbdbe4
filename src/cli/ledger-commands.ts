import type { Command } from 'commander';
import { dataOption, example, fileDescriptor, studyOption, tokenOption } from './arguments.js';
import { addBeginOptions } from './people-commands.js';
import type { Act } from './subcommand.js';

/** Subcommands to try the ledger, record, read, check and export. */
export function addLedgerCommands(program: Command, act: Act): void {
  program.commandsGroup('Begin:');
  program
    .command('demo')
    .description('record the simulated reference study and show the results')
    .option('--data <folder>', 'the ledger’s folder, not that of a real ledger', 'demo-ledger')
    .option('--no-serve', 'end without showing it in a browser; so it ends where there is no terminal')
    .addHelpText('after', example('demo --data demo-ledger'))
    .action(act(async () => (await import('./commands/demo.js')).demo));
  addBeginOptions(
    program
      .command('init')
      .description('create a ledger with its master seed, for one facility; the name cannot be changed')
      .addOption(dataOption())
      .requiredOption('--facility <name>', 'name like a domain, in lower case, such as lab.example'),
    { isRequired: false },
  )
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
    .option('--disclosures <folder>', 'folder of the names of people; on a cluster one for all processes')
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
    .addHelpText(
      'after',
      example('init --facility lab.example --url https://ledger.lab.example --administrator admin-1'),
    )
    .action(act(async () => (await import('./commands/init.js')).init));
  program
    .command('serve')
    .description('serve the pages and the interface for programs, on this machine or behind a TLS proxy')
    .addOption(dataOption())
    .option('--port <number>', 'port', '3000')
    .option('--seed-file <file>', 'the master seed, if it is not in the ledger’s folder')
    .option('--seed-fd <number>', 'read the master seed from a file descriptor', fileDescriptor)
    .option(
      '--behind-proxy <address>',
      'IP address that a TLS proxy connects from: other connections are closed (or STUDY_LEDGER_BEHIND_PROXY)',
    )
    .option('--session-key <file>', 'the key of sessions, if it is not beside the signed heads')
    .option('--oidc-secret <file>', 'holds the client secret for the identity provider')
    .option('--log', 'print a line of JSON for each request: who, which command, with which code, how long')
    .addHelpText('after', example('serve --port 3000'))
    .action(act(async () => (await import('./commands/serve.js')).serve));
  program.commandsGroup('Record:');
  program
    .command('play')
    .description(
      'record the commands of a file, one JSON object a line. Prints what is refused or flagged, and what changes a verdict',
    )
    .argument('<file>', 'commands, NDJSON')
    .addOption(dataOption())
    .option(
      '--simulated',
      'record into a ledger that is marked as simulated for ever, and is created if there is none; lines may set at, actor and role',
    )
    .addOption(tokenOption())
    .option('--keep-going', 'continue after a refusal')
    .option('--json', 'print the whole answer to each command, one JSON object a line')
    .addHelpText('after', example('play examples/reference-study.ndjson --data trial --simulated'))
    .action(act(async () => (await import('./commands/play.js')).playFile));
  program
    .command('import')
    .description('record the rows of a spreadsheet (.csv, .xlsx) by a saved mapping: all of them or none')
    .argument('<file>', 'the spreadsheet')
    .requiredOption(
      '--mapping <file>',
      'what the cells mean, as JSON; or tidy, for a table that this program exported',
    )
    .addOption(studyOption())
    .addOption(dataOption())
    .addOption(tokenOption())
    .option('--importer <id>', 'the person who imports, where the ledger has no people or is simulated')
    .option('--dry-run', 'show for each row what would be recorded, flagged or refused; record nothing')
    .option('--keep-going', 'record the acceptable rows even if others are refused')
    .option(
      '--skip-known',
      'leave out rows that state the same as a record, and list them; for a sheet that was imported before and has grown',
    )
    .option('--reason <text>', 'why rows that repeat or contradict a record, or have no reason, are recorded')
    .option('--json', 'print one JSON result a row, then a summary')
    .addHelpText('after', example('import runs.csv --mapping runs.mapping.json --study KET-01 --dry-run'))
    .action(act(async () => (await import('./commands/import.js')).importFile));
  program
    .command('attach')
    .description('attach a file to a study: its bytes lie beside the log, a record holds their SHA-256')
    .argument('<file>', 'the file, of at most 100 MB')
    .requiredOption('--kind <kind>', 'contributor-report, document, raw-data or other')
    .addOption(studyOption())
    .addOption(dataOption())
    .addOption(tokenOption())
    .option('--name <name>', 'its name, if not that of the file')
    .option('--media-type <type>', 'such as application/pdf; by the ending of its name if left out')
    .option('--contributor <id>', 'who wrote it')
    .option('--comment <text>', 'anything else worth keeping')
    .option('--reason <text>', 'why it comes late or after the closing')
    .option('--actor <id>', 'who attaches it, where the ledger is simulated')
    .option('--json', 'print JSON')
    .addHelpText('after', example('attach pathology.pdf --study KET-01 --kind contributor-report'))
    .action(act(async () => (await import('./commands/attach.js')).attach));
  program.commandsGroup('Read:');
  program
    .command('studies')
    .description('list the studies of a ledger')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .addHelpText('after', example('studies --data demo-ledger'))
    .action(act(async () => (await import('./commands/studies.js')).studies));
  program
    .command('show')
    .description('show a projection of one study')
    .argument(
      '<projection>',
      'responder-status, dose-titration, threshold-series, measurement-series, study-flow, audit-trail, welfare, due, review, quality-assurance',
    )
    .addOption(studyOption())
    .addOption(dataOption())
    .option('--subject <id>', 'one animal only')
    .option('--at <size|time>', 'as known at a tree size or at a recorded time')
    .option('--until <time>', 'only what had happened by this time')
    .option(
      '--hours <from-to>',
      'of review: the working hours in the time zone of the site; 07-19 where left out',
    )
    .option('--weekends <in|out>', 'of review: whether weekends are working days; out where left out')
    .option('--json', 'print JSON')
    .addHelpText('after', example('show responder-status --study KET-01 --data demo-ledger --at 700'))
    .action(act(async () => (await import('./commands/show.js')).show));
  program
    .command('signatures')
    .description('list the signatures of one study, each checked now: valid, superseded or broken')
    .argument('<study>', 'its code')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .addHelpText('after', example('signatures KET-01 --data demo-ledger'))
    .action(act(async () => (await import('./commands/signatures.js')).signatures));
  program
    .command('records')
    .description('print the stored bytes of records, one record a line')
    .addOption(studyOption())
    .addOption(dataOption())
    .option('--from <number>', 'first record number', '0')
    .option('--json', 'print errors as JSON too')
    .addHelpText('after', example('records --study KET-01 --data demo-ledger --from 1577'))
    .action(act(async () => (await import('./commands/records.js')).records));
  program.commandsGroup('Check and hand out:');
  program
    .command('verify')
    .description('check a ledger or an exported bundle')
    .argument('[bundle]', 'a bundle: a folder, or a .zip')
    .option('--data <folder>', 'a ledger’s folder, instead of a bundle (default: "ledger")')
    .option('--lab-vkey <key>', 'verifier key of the lab log, from a source other than the bundle')
    .option(
      '--policy <file>',
      'C2SP tlog-policy with log key, witnesses and quorum, from a source other than the bundle',
    )
    .option(
      '--tsa-ca <file>',
      'PEM file of the authorities that time stamps must come from, from a source other than the bundle',
    )
    .option('--at <time>', 'time of the audit, if it is not now')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 all checks passed, 1 a check failed, 2 incomplete or not checkable,\n3 usage error, or there is nothing to check.',
    )
    .addHelpText('after', example('verify KET-01.zip --lab-vkey lab.example/ledger/lab+…'))
    .action(act(async () => (await import('./commands/verify.js')).verify));
  program
    .command('export')
    .description('export a study as an audit bundle, which can be checked without this program')
    .addOption(studyOption())
    .addOption(dataOption())
    .requiredOption('--to <place>', 'a new folder, or a file whose name ends in .zip')
    .option('--at <size>', 'the tree size to export, if not the current one')
    .option('--subject <id>', 'only the records of one animal')
    .option('--names', 'with the names of the persons that its records name; otherwise their ids only')
    .addOption(tokenOption())
    .option('--unrecorded', 'export an anchored state while a server runs; do not record the export')
    .option('--json', 'print JSON')
    .addHelpText('after', example('export --study KET-01 --data demo-ledger --to KET-01.zip'))
    .action(act(async () => (await import('./commands/export.js')).exportStudy));
}
