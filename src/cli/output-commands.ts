import type { Command } from 'commander';
import type { Act } from './subcommand.js';
import { studyCode } from './arguments.js';

/** Files that other programs open: tables, data sets, reports. All are made from the records up to a tree size. */
export function addOutputCommands(program: Command, act: Act): void {
  const output = (name: string, description: string, to: string, example: string): Command =>
    program
      .command(name)
      .description(description)
      .requiredOption('--study <code>', 'the study', studyCode)
      .requiredOption('--data <folder>', 'where the ledger lies')
      .requiredOption('--to <path>', to)
      .option('--at <tree size or time>', 'as known then; the head where left out')
      .addHelpText('after', `\nExample: study-ledger ${name} --study KET-01 --data ledger --to ${example}`);

  output(
    'files',
    'every table, data set and report of a study',
    'a folder that is not there yet',
    'KET-01-files',
  ).action(act(async () => (await import('./commands/outputs.js')).writeAll));
  output(
    'table',
    'one tidy table: a row a fact about an animal, a row an item scored',
    'a .csv or .xlsx file',
    'KET-01.xlsx',
  )
    .option('--separator <mark>', 'between the cells of a .csv: , ; or tab', ',')
    .option('--decimal <mark>', 'decimal mark of a .csv: . or ,', '.')
    .action(act(async () => (await import('./commands/outputs.js')).writeTable));
  output(
    'grouped',
    'time points down, animals across, as GraphPad Prism takes it by paste',
    'a .tsv or .csv file',
    'KET-01.tsv',
  )
    .option('--values <what>', 'grams, percent-of-baseline or percent-mpe', 'grams')
    .option('--paw <paw>', 'ipsilateral or contralateral', 'ipsilateral')
    .option('--bounds <what>', 'what stands for a run that gave only a bound: empty or limit', 'empty')
    .option('--separator <mark>', ', ; or tab')
    .option('--decimal <mark>', 'decimal mark: . or ,', '.')
    .action(act(async () => (await import('./commands/outputs.js')).writeGrouped));
  output(
    'dataset-json',
    'data sets in the manner of SEND, as Dataset-JSON 1.1',
    'a folder, or a .zip file',
    'KET-01-send',
  ).action(act(async () => (await import('./commands/outputs.js')).writeDatasetJson));
  output('report', 'the study as a report with figures', 'a .html or .pdf file', 'KET-01.pdf').action(
    act(async () => (await import('./commands/outputs.js')).writeReport),
  );
  output(
    'data-pack',
    'what the records hold for each number of 21 CFR 58.185(a)',
    'a .json, .html or .pdf file',
    'KET-01-pack.pdf',
  ).action(act(async () => (await import('./commands/outputs.js')).writeDataPack));
  output('eln', 'the study for electronic lab notebooks', 'an .eln file', 'KET-01.eln').action(
    act(async () => (await import('./commands/outputs.js')).writeEln),
  );
}
