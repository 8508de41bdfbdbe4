import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function freshFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `study-ledger-${name}-`));
}
