import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compiledSources } from '../support/compiled.js';

export interface PlayedLedger {
  readonly url: string;
  close(): Promise<void>;
}

/** The built program on a simulated ledger in which commands were played: the study of the import examples, or lines of text. */
export async function servingPlayedLedger(commands?: readonly string[]): Promise<PlayedLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'study-ledger-console-'));
  const data = join(folder, 'ledger');
  const program = join(compiledSources(), 'cli.js');
  const study = join(compiledSources(), '..', 'examples', 'import', 'study.ndjson');
  const file = join(folder, 'commands.ndjson');
  if (commands) writeFileSync(file, commands.join('\n'));
  execFileSync(process.execPath, [program, 'play', commands ? file : study, '--data', data, '--simulated']);
  const child = spawn(process.execPath, [program, 'serve', '--data', data, '--port', '0']);
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /listening on (\S+)/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  return {
    url,
    close: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
