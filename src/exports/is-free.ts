import { existsSync, readdirSync, statSync } from 'node:fs';

/** Whether an output may take a place: nothing is there or, where it will be a folder, an empty one. */
export function isFree(path: string, as: 'file' | 'folder'): boolean {
  if (!existsSync(path)) return true;
  return as === 'folder' && statSync(path).isDirectory() && readdirSync(path).length === 0;
}
