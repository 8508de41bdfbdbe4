import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../support/folders.js';
import { render, smallStudy, sourceOf } from './small-study.js';

/** The lines for R and pandas in the documents, run on a table as they stand. Where no interpreter is there, skipped. */
const docs = readFileSync(new URL('../../docs/exports.md', import.meta.url), 'utf8');

function linesFor(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(docs);
  return block![1]!;
}

/** The first interpreter that can do this. */
function interpreter(commands: readonly string[], probe: readonly string[]): string | undefined {
  return commands.find((command) => {
    try {
      execFileSync(command, probe, { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs the lines beside a table in which one animal of two is excluded, and then prints what they left. */
async function run(command: string, flag: string, lines: string): Promise<string[]> {
  const folder = freshFolder('statistics');
  writeFileSync(join(folder, 'table.csv'), await render('table.csv', sourceOf(smallStudy())));
  const printed = execFileSync(command, [flag, lines], { cwd: folder, encoding: 'utf8' });
  return printed.trimEnd().split('\n');
}

const rscript = interpreter(['Rscript'], ['-e', '1']);
const python = interpreter(['python3', '/usr/bin/python3'], ['-c', 'import pandas']);

describe('the lines of the documents', () => {
  const withR = rscript === undefined ? it.skip : it; // only where there is no R
  const withPandas = python === undefined ? it.skip : it; // only where there is no pandas

  withR(
    `leave the excluded animal out in R${rscript === undefined ? ' (skipped: no Rscript here)' : ''}`,
    async () => {
      const tail =
        'cat(class(all$excluded), class(all$blinded), unique(all$subject), unique(d$subject), nrow(runs))';
      const printed = await run(rscript!, '-e', `${linesFor('r')}\n${tail}`);
      expect(printed.at(-1)).toBe('logical logical R01 R02 R01 5');
    },
  );

  withPandas(
    `leave the excluded animal out in pandas${python === undefined ? ' (skipped: no pandas here)' : ''}`,
    async () => {
      const tail =
        'print(all_rows["excluded"].dtype, *all_rows["subject"].unique(), *d["subject"].unique(), len(runs))';
      const printed = await run(python!, '-c', `${linesFor('python')}\n${tail}`);
      expect(printed.at(-1)).toBe('bool R01 R02 R01 5');
    },
  );
});
