import { closeSync, fsyncSync, openSync, statSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Pages in the write-ahead log before they are copied into the database file. Four times SQLite's default: the last
 * pages of the table and of its index are written with every group, and the longer the log, the more of those copies
 * fall together.
 */
export const CHECKPOINT_PAGES = 4000;

const FRAME_BYTES = 4096 + 24;

/** The largest log that is met in practice: a full one, and one more group of appends. */
const LOG_BYTES = Math.ceil((CHECKPOINT_PAGES * FRAME_BYTES) / 4096 + 512) * 4096;

/** Nothing is prepared on a disk that has not this many times the room: space is for records first. */
const SPARE_FACTOR = 8;

/**
 * Extends the log with zeros to the size that it will come to anyway: a sync of blocks that exist is cheaper than one
 * that makes the file grow. SQLite stops reading a log at the first frame whose checksum is not right, so zeros behind
 * the end mean nothing to it. Only for the writer, and only between two transactions: nothing may write meanwhile.
 *
 * If it fails, the store is only slower for it; if the disk is in trouble, the next append says so.
 */
export function fillLog(file: string): void {
  try {
    const size = statSync(file).size;
    if (size >= LOG_BYTES || freeBytes(dirname(file)) < SPARE_FACTOR * LOG_BYTES) return;
    const descriptor = openSync(file, 'r+');
    try {
      const zeros = Buffer.alloc(LOG_BYTES - size);
      for (let at = 0; at < zeros.length;)
        at += writeSync(descriptor, zeros, at, zeros.length - at, size + at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
}

/** Bytes that this process could still write to the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
