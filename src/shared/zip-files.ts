import { unzipSync, zipSync } from 'fflate';

/**
 * The date of every file in a zip file, so that the same files give the same bytes. Zip files hold local time: this is
 * built in local time, and therefore the same in every time zone.
 */
export const ZIP_DATE = new Date(1980, 0, 1);

/** A zip file with its files in the order given. */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(files, { mtime: ZIP_DATE, level: 6 });
}

/** A zip file with its files in the order of their names. */
export function zipSorted(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipFiles(Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The same files as in a zip file of another program, without the date on which that made it. */
export function repackZip(zip: Uint8Array): Uint8Array {
  return zipSorted(unzipSync(zip));
}
