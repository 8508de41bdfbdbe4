/**
 * Types of records, of all streams, whose schema version is not the first. A type gets the next number when its schema
 * changes so that a record of before would no longer fit; what was released stays known (`UPCASTERS`).
 */
const LATER: ReadonlyMap<string, number> = new Map();

/** The schema version of a type that is written today. */
export function versionOf(type: string): number {
  return LATER.get(type) ?? 1;
}
