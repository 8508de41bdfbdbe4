import { unzipSync, zipSync, type Zippable } from 'fflate';

/** In local time on purpose: that is how a zip file has it, so the bytes are the same in every time zone. */
export const ZIP_MTIME = new Date(1980, 0, 1);

/** A zip file whose bytes follow from its files alone: in order of their names, all of the same date. */
export function zipBytes(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted: Zippable = {};
  for (const name of Object.keys(files).sort()) sorted[name] = [files[name]!, { mtime: ZIP_MTIME, level: 6 }];
  return zipSync(sorted);
}

/** A zip file of somebody else's making, without the date of its making. */
export function repacked(zip: Uint8Array): Uint8Array {
  return zipBytes(unzipSync(zip));
}
