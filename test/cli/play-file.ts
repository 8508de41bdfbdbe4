import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { CODE, type Sent } from '../study/specification.js';
import { freshFolder } from '../support/folders.js';

/** A file of commands for a simulated ledger, each recorded as it happens. */
export function commandFile(commands: readonly Sent[]): string {
  const file = join(freshFolder('play'), 'commands.ndjson');
  let clock = '';
  const lines = commands.map(({ name, body, clock: set }) => {
    clock = set ?? (body['occurredAt'] as string | undefined) ?? clock;
    return JSON.stringify({ command: name, id: v4(), study: CODE, at: clock, ...body });
  });
  writeFileSync(file, lines.join('\n'));
  return file;
}
