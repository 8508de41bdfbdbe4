import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * A folder that is made by the first suite of a run to ask for it, and shared by all: nobody changes it. Suites of
 * other workers wait until it is there.
 */
export function onceARun(name: string, make: (folder: string) => void): string {
  const folder = join(process.env['TEST_RUN_FOLDER']!, name);
  if (existsSync(folder)) return folder;
  const [lock, part, failed] = [`${folder}.lock`, `${folder}.part`, `${folder}.failed`];
  if (!claim(lock)) {
    while (!existsSync(folder)) {
      if (existsSync(failed)) throw new Error(`Another suite could not make ${name}.`);
      Atomics.wait(pause, 0, 0, 20);
    }
    return folder;
  }
  try {
    mkdirSync(part);
    make(part);
    renameSync(part, folder);
    return folder;
  } catch (error) {
    writeFileSync(failed, '');
    throw error;
  }
}

function claim(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
