import type { RawEvent } from './read.js';

/** A stream's metadata are the last event of the stream that is called like it, with this before the whole name. */
export const METADATA_PREFIX = '$$';

/** Members of a stream's metadata that make the server drop events. A stream that was deleted has the last one. */
const DROPPING = ['$maxAge', '$maxCount', '$tb'] as const;

/** Which of them a stream's metadata have. */
export function droppingIn(metadata: RawEvent | undefined): string[] {
  try {
    const members = JSON.parse(metadata?.bytes.toString() ?? '{}') as object;
    return DROPPING.filter((name) => Object.hasOwn(members, name));
  } catch {
    return [];
  }
}
