import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/**
 * Pages in the write-ahead log before they are copied into the database file. Eight times SQLite's default: the index
 * over random ids puts nearly every record of a group on a page of its own, and the longer the log, the more of those
 * copies fall together.
 */
export const CHECKPOINT_PAGES = 8000;

const FRAME_BYTES = 4096 + 24;

/** The largest log that is met in practice: a full one, and one more group of appends. */
const LOG_BYTES = Math.ceil((CHECKPOINT_PAGES * FRAME_BYTES) / 4096 + 512) * 4096;

/**
 * Extends the log with zeros to the size that it will come to anyway: a sync of blocks that exist is cheaper than one
 * that makes the file grow. SQLite stops reading a log at the first frame whose checksum is not right, so zeros behind
 * the end mean nothing to it. Only for the writer, and only between two transactions: nothing may write meanwhile.
 */
export function fillLog(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    const size = fstatSync(descriptor).size;
    if (size >= LOG_BYTES) return;
    try {
      const zeros = Buffer.alloc(LOG_BYTES - size);
      for (let at = 0; at < zeros.length;)
        at += writeSync(descriptor, zeros, at, zeros.length - at, size + at);
      fsyncSync(descriptor);
    } catch {
      // A disk too full for this makes a slower store, not a broken one.
      ftruncateSync(descriptor, size);
    }
  } finally {
    closeSync(descriptor);
  }
}
