import type { Command } from 'commander';
import type { Act } from './subcommand.js';

/** The commands that need no ledger: the calculator, and the formats of records and of the API. */
export function addReferenceCommands(program: Command, act: Act): void {
  program
    .command('schemas')
    .description('print the JSON Schema of every record type and version, or write them into a folder')
    .option('--to <folder>', 'one file a schema')
    .addHelpText('after', '\nExample: study-ledger schemas --to schemas')
    .action(act(async () => (await import('./commands/schemas.js')).schemas));
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
    .action(act(async () => (await import('./commands/threshold.js')).threshold));
  program
    .command('openapi')
    .description('print the OpenAPI document of the HTTP API')
    .addHelpText('after', '\nExample: study-ledger openapi > openapi.json')
    .action(act(async () => (await import('./commands/openapi.js')).openapi));
}
