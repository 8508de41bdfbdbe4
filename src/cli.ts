#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { addEvidenceCommands } from './cli/evidence-commands.js';
import { addOutputCommands } from './cli/output-commands.js';
import { calculate, type CalculatorOptions } from './cli/commands/threshold.js';
import { explained } from './cli/output/explain.js';
import type { ExportOptions } from './cli/commands/export.js';
import type { ImportOptions } from './cli/commands/import.js';
import type { Place } from './cli/open-ledger.js';
import type { ServeOptions } from './cli/commands/serve.js';
import type { ShowOptions } from './cli/commands/show.js';
import { studyCode } from './cli/study-code.js';
import { counted } from './cli/output/table.js';
import type { VerifyOptions } from './cli/commands/verify.js';
import { addWelfareCommands } from './cli/welfare-commands.js';

/** A program that asked for JSON is told in JSON what went wrong as well: one line on the error stream. */
const json = process.argv.includes('--json');

const program = new Command('study-ledger')
  .description('An event-sourced, audit-grade ledger for in-vivo pain studies.')
  .showHelpAfterError('(study-ledger --help shows every command)')
  .exitOverride()
  .configureOutput({ writeErr: (text) => void (json || process.stderr.write(text)) });

const print = (text: string): void => void process.stdout.write(`${text}\n`);

// Whoever reads only the first lines closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

program
  .command('demo')
  .description('play the simulated reference study into a ledger and show what it makes of it')
  .option('--data <folder>', 'where the ledger lies', 'demo-ledger')
  .addHelpText('after', '\nExample: study-ledger demo --data demo-ledger')
  .action(async (place: Place) => {
    const { demo } = await import('./cli/commands/demo.js');
    await demo(place, print);
  });

program
  .command('studies')
  .description('list the studies of a ledger')
  .requiredOption('--data <folder>', 'where the ledger lies')
  .option('--json', 'for programs')
  .addHelpText('after', '\nExample: study-ledger studies --data demo-ledger')
  .action(async ({ json, ...place }: Place & { json?: boolean }) => {
    const { studies } = await import('./cli/commands/studies.js');
    print(await studies(place, json));
  });

program
  .command('serve')
  .description('serve the HTTP API on 127.0.0.1')
  .option('--data <folder>', 'where the ledger lies', 'ledger')
  .option('--port <number>', 'port', '3000')
  .option('--seed-file <file>', 'the master seed, where it does not lie in the ledger’s folder')
  .option('--seed-fd <number>', 'read the master seed from a file descriptor')
  .addHelpText('after', '\nExample: study-ledger serve --data my-ledger --port 3000')
  .action(async (options: ServeOptions) => {
    const { serve } = await import('./cli/commands/serve.js');
    await serve(options, print);
  });

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
  .action(
    async (file: string, options: Place & { simulated?: boolean; keepGoing?: boolean; json?: boolean }) => {
      const { playFile } = await import('./cli/commands/play.js');
      if (!(await playFile(file, options, print))) process.exitCode = 1;
    },
  );

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
  .action(async (file: string, options: ImportOptions) => {
    const { importFile } = await import('./cli/commands/import.js');
    if (!(await importFile(file, options, print))) process.exitCode = 1;
  });

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
  .action(async (projection: string, options: ShowOptions) => {
    const { show } = await import('./cli/commands/show.js');
    print(await show(projection, options));
  });

program
  .command('records')
  .description('print stored records, each line exactly the bytes of one record')
  .requiredOption('--study <code>', 'the study', studyCode)
  .requiredOption('--data <folder>', 'where the ledger lies')
  .option('--from <number>', 'first record number', '0')
  .option('--json', 'errors for programs as well; records are JSON anyway')
  .addHelpText('after', '\nExample: study-ledger records --study KET-01 --data demo-ledger --from 1577')
  .action(async ({ study, from, ...place }: Place & { study: string; from: string }) => {
    const { records } = await import('./cli/commands/records.js');
    await records(study, place, from);
  });

program
  .command('verify')
  .description('check a ledger’s folder, or an exported bundle')
  .argument('[bundle]', 'a bundle: a folder, or a .zip')
  .option('--data <folder>', 'a ledger’s folder instead')
  .option('--lab-vkey <key>', 'verifier key of the laboratory’s log, got from elsewhere than what is checked')
  .option('--policy <file>', 'C2SP tlog-policy, got from elsewhere: the log’s key, witnesses, quorum')
  .option('--tsa-ca <file>', 'PEM file, got from elsewhere: certificates that time stamps must come from')
  .option('--at <time>', 'time of the audit, where it is not now')
  .option('--json', 'for programs')
  .addHelpText(
    'after',
    '\nExit code: 0 all checks passed, 1 a check failed, 2 incomplete or not checkable, 3 not understood.' +
      '\nExample: study-ledger verify KET-01.zip --lab-vkey lab.example/ledger/lab+…',
  )
  .action(async (bundle: string | undefined, options: VerifyOptions) => {
    const { verify } = await import('./cli/commands/verify.js');
    process.exitCode = await verify(bundle, options, print);
  });

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
  .action(async (options: ExportOptions) => {
    const { exportStudy } = await import('./cli/commands/export.js');
    await exportStudy(options, print);
  });

addOutputCommands(program, print);
addEvidenceCommands(program, print);
addWelfareCommands(program, print);

program
  .command('schemas')
  .description('print the JSON Schema of every record type and version, or write them into a folder')
  .option('--to <folder>', 'one file a schema')
  .addHelpText('after', '\nExample: study-ledger schemas --to schemas')
  .action(async ({ to }: { to?: string }) => {
    const { allSchemas } = await import('./verify/folder/record-schemas.js');
    const schemas = allSchemas();
    if (to === undefined) return print(JSON.stringify(schemas, null, 2));
    mkdirSync(to, { recursive: true });
    for (const [name, schema] of Object.entries(schemas)) {
      writeFileSync(join(to, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
    }
    print(`${counted(Object.keys(schemas).length, 'schema')} written to ${to}`);
  });

program
  .command('threshold')
  .description('the 50 % threshold of one run, without a ledger')
  .option('--ladder <id>', 'RAT-H8, RAT-N8 or RAT-N9')
  .option('--ladder-grams <list>', 'a ladder of your own, lightest first, such as 0.4,0.6,1,2,4,6,8,15')
  .option('--start <label>', 'filament at which a run begins')
  .option('--step <log10>', 'a fixed step in log10 units instead of the ladder’s own')
  .option('--run <responses>', 'O: no withdrawal, X: withdrawal, in order', '')
  .option('--last <label>', 'the last filament applied')
  .option('--next', 'the next filament to apply instead')
  .option('--json', 'for programs')
  .addHelpText('after', '\nExample: study-ledger threshold --ladder RAT-N8 --run OXXOXO --last 1')
  .action((options: CalculatorOptions) => print(calculate(options)));

program
  .command('openapi')
  .description('print the OpenAPI document of the HTTP API')
  .addHelpText('after', '\nExample: study-ledger openapi > openapi.json')
  .action(async () => {
    const { openApiDocument } = await import('./http/openapi/openapi.js');
    print(JSON.stringify(openApiDocument(), null, 2));
  });

for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
  if (command.options.some(({ long }) => long === '--data'))
    command.addOption(
      new Option(
        '--store <address>',
        'the records lie on a KurrentDB cluster: kurrentdb://host:2113,…?tlsCaFile=…&credentialsFile=…',
      ).env('STUDY_LEDGER_STORE'),
    );

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, text } = explained(error, { command: process.argv[2] ?? '', json });
  process.exitCode = exitCode;
  if (text !== '') process.stderr.write(`${text}\n`);
}
