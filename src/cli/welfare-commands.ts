import type { Command } from 'commander';
import { dataOption, example } from './arguments.js';
import type { Act } from './subcommand.js';

/** Subcommands about animal welfare. */
export function addWelfareCommands(program: Command, act: Act): void {
  program.commandsGroup('Animal welfare:');
  const welfare = program
    .command('welfare')
    .description('humane endpoints, and the yearly return to an authority')
    .addHelpText('after', example('welfare alerts'));
  welfare
    .command('return')
    .description(
      'write the return of a year over all studies: one line for each use, with its actual severity',
    )
    .requiredOption(
      '--year <year>',
      'the year in which the uses ended; of the USDA the fiscal year that it names',
    )
    .requiredOption('--format <format>', 'eu, de, or uk (files for checking what is entered in ASPeL)')
    .addOption(dataOption())
    .option('--to <folder>', 'a new folder; by default return-<year>-<format>')
    .option(
      '--allow-gaps',
      'write the return even if data are missing or inconsistent; the form then lists them first',
    )
    .option('--at-file <file>', 'the return.json of an earlier return: use the tree sizes in it')
    .option('--codes <file>', 'additional codes of your authority')
    .option(
      '--killed-unused <file>',
      'format de: animals bred and killed unused that were never enrolled in a study, as a person states them',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', example('welfare return --year 2026 --format eu'))
    .action(act(async () => (await import('./commands/welfare.js')).returnOfYear));
  welfare
    .command('alerts')
    .description('list humane endpoints that were reached and await a decision')
    .addOption(dataOption())
    .option('--json', 'print JSON')
    .addHelpText('after', example('welfare alerts'))
    .action(act(async () => (await import('./commands/welfare.js')).alerts));
}
