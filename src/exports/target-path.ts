import { existsSync, readdirSync, statSync } from 'node:fs';

/** Whether an output may be written to a path: nothing exists there or, for a folder, only an empty one. */
export function isFree(path: string, as: 'file' | 'folder'): boolean {
  if (!existsSync(path)) return true;
  return as === 'folder' && statSync(path).isDirectory() && readdirSync(path).length === 0;
}
