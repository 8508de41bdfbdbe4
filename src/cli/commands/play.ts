import { counted } from '../../shared/counted.js';
import { describeFindings, endpointReached } from '../output/findings.js';
import type { Io } from '../subcommand.js';
import type { Place } from '../open-ledger.js';
import { playInto, type PlayResult } from '../play-commands.js';
import { wrapped } from '../output/page.js';

export interface PlayFileOptions extends Place {
  readonly simulated?: boolean;
  readonly keepGoing?: boolean;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** Records the commands of a file; prints one JSON result a line, or the refusals and a summary. Exit code 1 after a refusal or an alarm. */
export async function playFile(file: string, options: PlayFileOptions, io: Io): Promise<number> {
  const { print } = io;
  const { data, store, simulated = false, keepGoing = false, json = false, tokenFile } = options;
  let recorded = 0;
  let last: PlayResult | undefined;
  const played = await playInto({ data, store }, file, { simulated, keepGoing, tokenFile }, io, (result) => {
    if (json) print(JSON.stringify(result));
    else if (!result.ok) {
      print(
        wrapped(
          `line ${result.line}: ${result.command === null ? '' : `${result.command} `}refused (${result.code}): ${result.message}`,
        ),
      );
      for (const { code, detail } of result.errors?.slice(1) ?? []) print(wrapped(`  (${code}): ${detail}`));
    }
    if (!result.ok) return;
    [recorded, last] = [recorded + 1, result];
    if (json) return;
    const found = describeFindings(result);
    if (found !== '')
      print(wrapped(`line ${result.line}: ${result.command}, record ${result.treeSize - 1}: ${found}`));
    for (const alert of result.endpoints ?? [])
      print(wrapped(`line ${result.line}: ${endpointReached(alert)}`));
  });
  if (!json) {
    const where = last?.ok ? `; tree size ${last.treeSize}, root ${last.root}` : '';
    print(
      played.lab
        ? `${counted(recorded, 'command')} recorded in ${data}${played.lab.simulated ? ' (SIMULATED DATA)' : ''}${where}`
        : `Nothing was recorded, and no ledger was created in ${data}.`,
    );
  }
  return played.refused || played.alarmed ? 1 : 0;
}
