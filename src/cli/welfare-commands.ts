import type { Command } from 'commander';
import type { Act } from './subcommand.js';

/** The commands about what the authorities want to know of the animals, and what the animals need to be known of them. */
export function addWelfareCommands(program: Command, act: Act): void {
  const welfare = program
    .command('welfare')
    .description('humane endpoints, and the yearly return to an authority');
  welfare
    .command('return')
    .description('the return of a year over all studies: one line a use, with its actual severity')
    .requiredOption('--year <year>', 'the year in which the uses ended')
    .requiredOption('--format <format>', 'eu, de or uk')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--to <folder>', 'a new folder; return-<year>-<format> where left out')
    .option('--allow-gaps', 'also where something is missing: the gaps then stand on top of the form')
    .option('--at-file <file>', 'as of the sizes in the return.json of an earlier return')
    .option('--codes <file>', 'codes of your authority, on top of those that ship')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger welfare return --year 2026 --format de --data my-ledger')
    .action(act(async () => (await import('./commands/welfare.js')).returnOfYear));
  welfare
    .command('alerts')
    .description('humane endpoints that were reached and about which nothing is decided')
    .requiredOption('--data <folder>', 'where the ledger lies')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample: study-ledger welfare alerts --data my-ledger')
    .action(act(async () => (await import('./commands/welfare.js')).alerts));
}
