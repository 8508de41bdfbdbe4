import { SCHEMA_VERSION } from './events.js';
import { schemaUrn, type StudyRecord } from '../record.js';

/**
 * Stored records are never rewritten; they are converted to the current shape when they are read. One upcaster leads from
 * one schema version of a type to the next. Each is total and pure.
 */
export interface Upcaster {
  readonly type: string;
  readonly from: number;
  upcast(data: Record<string, unknown>): Record<string, unknown>;
}

/** Released schema versions that are no longer written. None yet: every type is at its first version. */
export const UPCASTERS: readonly Upcaster[] = [];

/**
 * The record in the current shape; the same object where it has that shape already. Versions count for all types
 * together, so a correction of version n states its target in the shape of version n.
 */
export function upcast(
  record: StudyRecord,
  upcasters: readonly Upcaster[] = UPCASTERS,
  today: number = SCHEMA_VERSION,
): StudyRecord {
  const { type, dataschema } = record;
  let data = record.data as Record<string, unknown>;
  const written = Number(dataschema.slice(dataschema.lastIndexOf(':') + 1));
  if (!(written < today)) return record;
  for (let version = written; version < today; version++) data = next(upcasters, type, version, data);
  return { ...record, data: data as StudyRecord['data'], dataschema: schemaUrn(type, today) };
}

function next(
  upcasters: readonly Upcaster[],
  type: string,
  version: number,
  data: Record<string, unknown>,
): Record<string, unknown> {
  const upcaster = upcasters.find((one) => one.type === type && one.from === version);
  const changed = upcaster ? upcaster.upcast(data) : data;
  if (type !== 'RecordCorrected') return changed;
  const { corrects, corrected } = changed as { corrects: string; corrected: Record<string, unknown> };
  return { ...changed, corrected: next(upcasters, corrects, version, corrected) };
}
