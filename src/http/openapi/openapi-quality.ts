import { object, orNull, text } from './openapi-parts.js';
import type { Schema } from './openapi-schemas.js';

export const QUALITY_SCHEMAS: Readonly<Record<string, Schema>> = {
  InspectionFindings: object({
    study: text,
    record: { type: 'integer', minimum: 0 },
    phase: text,
    on: text,
    inspector: text,
    recordedAt: text,
    digest: {
      ...orNull('string'),
      description: 'As it stands in the record; null where no findings were given.',
    },
    findings: {
      ...orNull('string'),
      description: 'Null where none were given, or what opens the digest was erased or is not here.',
    },
    erasedBy: { ...orNull('integer'), description: 'The lab record that says that they were erased.' },
    supersededBy: { ...orNull('integer'), description: 'The record that withdrew it.' },
  }),
};
