import type { StudyRecord } from './record.js';
import { schemaUrn } from './record.js';

/**
 * Old records stay as they were written; what reads them sees the shape of today. One upcaster leads from one schema
 * version of a type to the next; each is total and pure, and the stored bytes never change.
 */
export interface Upcaster {
  readonly type: string;
  readonly from: number;
  upcast(data: Record<string, unknown>): Record<string, unknown>;
}

/** Released schema versions that are no longer written. None yet: every type is at its first version. */
export const UPCASTERS: readonly Upcaster[] = [];

/** The record in the shape of today; itself where it has that shape already. */
export function upcast(record: StudyRecord, upcasters: readonly Upcaster[] = UPCASTERS): StudyRecord {
  let current = record;
  for (const { type, from, upcast: next } of upcasters) {
    if (current.type !== type || current.dataschema !== schemaUrn(type, from)) continue;
    const data = next(current.data as Record<string, unknown>) as StudyRecord['data'];
    current = { ...current, data, dataschema: schemaUrn(type, from + 1) };
  }
  return current;
}
