import type { TSchema } from 'typebox';
import { schemaUrn, type StudyRecord } from '../record.js';
import type { EventType } from './events.js';
import { versionOf } from './versions.js';

type Data = Record<string, unknown>;

/**
 * Stored records are never rewritten; they are converted to the current shape when they are read. One upcaster leads from
 * one schema version of a type to the next. Each is total and pure.
 */
export interface Upcaster {
  readonly type: EventType;
  readonly from: number;
  /** JSON Schema of `data` in that version, for the verifier. */
  readonly schema: TSchema;
  upcast(data: Data): Data;
}

/** Released schema versions that are no longer written. None yet: every type is at its first version. */
export const UPCASTERS: readonly Upcaster[] = [];

/** The record in the current shape; the same object where it has that shape already, or comes from a newer version. */
export function upcast(
  record: StudyRecord,
  upcasters: readonly Upcaster[] = UPCASTERS,
  today: (type: string) => number = versionOf,
): StudyRecord {
  const { type, dataschema } = record;
  const written = Number(dataschema.slice(dataschema.lastIndexOf(':') + 1));
  const current = today(type);
  if (!(type === 'RecordCorrected' ? written <= current : written < current)) return record;
  const shapeOf = (name: string, from: number, data: Data): Data => {
    let shape = data;
    for (let version = from; version < today(name); version++)
      shape = upcasters.find((one) => one.type === name && one.from === version)?.upcast(shape) ?? shape;
    return shape;
  };
  const stored = record.data as Data;
  let data = shapeOf(type, written, stored);
  if (type === 'RecordCorrected') data = upcastCorrected(data, shapeOf, today);
  if (data === stored && written === current) return record;
  return { ...record, data: data as StudyRecord['data'], dataschema: schemaUrn(type, current) };
}

/** A correction states its target's data in the shape of a version of the target's own type. */
function upcastCorrected(
  data: Data,
  shapeOf: (type: string, from: number, data: Data) => Data,
  today: (type: string) => number,
): Data {
  const {
    corrects,
    corrected,
    correctsVersion = 1,
  } = data as {
    corrects: string;
    corrected: Data;
    correctsVersion?: number;
  };
  if (!(correctsVersion < today(corrects))) return data;
  const shape = shapeOf(corrects, correctsVersion, corrected);
  return { ...data, corrected: shape, correctsVersion: today(corrects) };
}
