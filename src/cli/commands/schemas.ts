import { counted } from '../../shared/counted.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allSchemas } from '../../verify/folder/record-schemas.js';

/** Prints the JSON Schemas of all record types as one document, or writes one file for each. */
export function schemas({ to }: { to?: string }): string[] | string {
  const all = allSchemas();
  if (to === undefined) return JSON.stringify(all, null, 2).split('\n');
  mkdirSync(to, { recursive: true });
  for (const [name, schema] of Object.entries(all))
    writeFileSync(join(to, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
  return `${counted(Object.keys(all).length, 'schema')} written to ${to}`;
}
