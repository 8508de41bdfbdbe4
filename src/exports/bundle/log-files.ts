import { HashColumn } from '../../tlog/hash-column.js';
import { leafHash } from '../../tlog/merkle.js';
import { entryBundles, hashTiles, type LogFile } from '../../tlog/tiles.js';
import type { EventStore } from '../../store/event-store.js';
import { sha256 } from '../../shared/sha256.js';
import type { BagWriter } from './bag-writer.js';

/** Records in an entry bundle. */
const WIDTH = 256;

export interface LogFilesOptions {
  /** The stream, and how many of its records, from the first. */
  readonly stream: string;
  readonly size: number;
  /** Folder in the bag. */
  readonly folder: string;
  /** Only these records; the hashes of the others are written as well. */
  readonly only?: ReadonlySet<number> | undefined;
}

/** Writes a log as `records.ndjson` and tiles, from the bytes in the store alone. */
export async function writeLog(
  store: EventStore,
  bag: BagWriter,
  options: LogFilesOptions,
): Promise<HashColumn> {
  const { stream, size, folder, only } = options;
  const leaves = new HashColumn();
  const lines = bag.open(`${folder}/records.ndjson`);
  // Only one entry bundle is held in memory.
  let waiting: Buffer[] = [];
  const bundles = only ? undefined : entryBundles(size, (index) => waiting[index % WIDTH]!);
  for await (const page of store.read(stream)) {
    for (const { number, text } of page.slice(0, size - leaves.length)) {
      leaves.push(leafHash(sha256, text));
      if (!only || only.has(number)) lines.write(`${text}\n`);
      waiting.push(Buffer.from(text));
      if (waiting.length < WIDTH && leaves.length < size) continue;
      const bundle = bundles?.next().value as LogFile | undefined;
      if (bundle) bag.add(`${folder}/${bundle.path}`, bundle.bytes);
      waiting = [];
    }
    if (leaves.length === size) break;
  }
  lines.close();
  for (const { path, bytes } of hashTiles(sha256, size, (index) => leaves.at(index)))
    bag.add(`${folder}/${path}`, bytes);
  return leaves;
}
