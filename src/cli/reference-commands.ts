import type { Command } from 'commander';
import { example } from './arguments.js';
import type { Act } from './subcommand.js';

/** Subcommands that need no ledger. */
export function addReferenceCommands(program: Command, act: Act): void {
  program.commandsGroup('Without a ledger:');
  program
    .command('schemas')
    .description('print the JSON Schema of every record type and version, or write each to a file')
    .option('--to <folder>', 'folder to write into, one file for each schema')
    .addHelpText('after', example('schemas --to schemas'))
    .action(act(async () => (await import('./commands/schemas.js')).schemas));
  program
    .command('threshold')
    .description('compute the 50 % threshold of one run')
    .option('--ladder <id>', 'RAT-H8, RAT-N8, RAT-N9 or MOUSE-N8')
    .option('--ladder-grams <list>', 'your own ladder, lightest filament first, such as 0.4,0.6,1,2,4,6,8,15')
    .option('--start <label>', 'the filament that a run begins with')
    .option('--step <log10>', 'a fixed step in log10 units, instead of the mean step of the ladder')
    .option('--run <responses>', 'responses in order: O no withdrawal, X withdrawal', '')
    .option('--last <label>', 'the last filament applied')
    .option('--next', 'print the next filament to apply')
    .option('--json', 'print JSON')
    .addHelpText('after', example('threshold --ladder RAT-N8 --run OXXOXO --last 1'))
    .action(act(async () => (await import('./commands/threshold.js')).threshold));
  const protocol = program
    .command('protocol')
    .description('begin a protocol from a template, and check it before it is approved')
    .addHelpText('after', example('protocol check mouse.jsonc'));
  protocol
    .command('template')
    .description('print a commented protocol to fill in; REQUIRED stands for what the laboratory has to give')
    .argument('<name>', 'reference-study, mouse-sni, rat-cfa or empty')
    .option('--to <file>', 'new file to write it to')
    .addHelpText('after', example('protocol template mouse-sni --to mouse.jsonc'))
    .action(act(async () => (await import('./commands/protocol.js')).template));
  protocol
    .command('check')
    .description('name all that is missing or contradictory in a protocol, and print it in words')
    .argument('<file>', 'the protocol, JSON with comments')
    .option('--json', 'print JSON')
    .addHelpText('after', example('protocol check mouse.jsonc'))
    .action(act(async () => (await import('./commands/protocol.js')).check));
  program
    .command('openapi')
    .description('print the OpenAPI document of the HTTP API')
    .addHelpText('after', example('openapi > openapi.json'))
    .action(act(async () => (await import('./commands/openapi.js')).openapi));
}
