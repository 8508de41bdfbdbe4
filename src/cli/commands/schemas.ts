import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allSchemas } from '../../verify/folder/record-schemas.js';
import { counted } from '../output/table.js';

/** The JSON Schema of every record type, as one document or as one file a type. */
export function schemas({ to }: { to?: string }): string {
  const all = allSchemas();
  if (to === undefined) return JSON.stringify(all, null, 2);
  mkdirSync(to, { recursive: true });
  for (const [name, schema] of Object.entries(all))
    writeFileSync(join(to, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
  return `${counted(Object.keys(all).length, 'schema')} written to ${to}`;
}
