import type { Command } from 'commander';
import type { Act } from './subcommand.js';
import { dataOption, example, studyOption } from './arguments.js';

/** Subcommands that write files for other programs. Each file is a function of the records up to a tree size. */
export function addOutputCommands(program: Command, act: Act): void {
  program.commandsGroup('Write files for other programs:');
  const output = (name: string, description: string, to: string, target: string): Command =>
    program
      .command(name)
      .description(description)
      .addOption(studyOption())
      .addOption(dataOption())
      .requiredOption('--to <path>', to)
      .option('--at <size|time>', 'as known at a tree size or at a recorded time; by default now')
      .addHelpText('after', example(`${name} --study KET-01 --to ${target}`));

  output('files', 'write every table, data set and report of a study', 'a new folder', 'KET-01-files').action(
    act(async () => (await import('./commands/outputs.js')).writeAll),
  );
  output(
    'table',
    'write one tidy table: one row for each fact about an animal and each scored item',
    'a .csv or .xlsx file',
    'KET-01.xlsx',
  )
    .option('--separator <mark>', 'separator of a .csv: , ; or tab', ',')
    .option('--decimal <mark>', 'decimal mark of a .csv: . or ,', '.')
    .action(act(async () => (await import('./commands/outputs.js')).writeTable));
  output(
    'grouped',
    'write a table of time points by animals, to paste into GraphPad Prism',
    'a .tsv or .csv file',
    'KET-01.tsv',
  )
    .option('--values <what>', 'grams, percent-of-baseline or percent-mpe', 'grams')
    .option(
      '--assay <id>',
      'an assay in its own unit, instead of thresholds; --values grams are then its values',
    )
    .option('--paw <paw>', 'ipsilateral or contralateral', 'ipsilateral')
    .option('--bounds <what>', 'what to write for a run that gave only a bound: empty or limit', 'empty')
    .option('--excluded <animals>', 'excluded animals: left out or taken in: out or in', 'out')
    .option('--separator <mark>', ', ; or tab')
    .option('--decimal <mark>', 'decimal mark: . or ,', '.')
    .action(act(async () => (await import('./commands/outputs.js')).writeGrouped));
  output(
    'dataset-json',
    'write SEND-style data sets as Dataset-JSON 1.1',
    'a folder, or a .zip file',
    'KET-01-send',
  ).action(act(async () => (await import('./commands/outputs.js')).writeDatasetJson));
  output(
    'figures',
    'write the courses of animals and groups as SVG and PNG',
    'a folder, or a .zip file',
    'KET-01-figures',
  ).action(act(async () => (await import('./commands/outputs.js')).writeFigures));
  output('report', 'write a report with figures', 'a .html or .pdf file', 'KET-01.pdf').action(
    act(async () => (await import('./commands/outputs.js')).writeReport),
  );
  output(
    'data-pack',
    'write what the records hold for each item of 21 CFR 58.185(a)',
    'a .json, .html or .pdf file',
    'KET-01-pack.pdf',
  ).action(act(async () => (await import('./commands/outputs.js')).writeDataPack));
  output('eln', 'write the study for electronic lab notebooks', 'an .eln file', 'KET-01.eln').action(
    act(async () => (await import('./commands/outputs.js')).writeEln),
  );
}
