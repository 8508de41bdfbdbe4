import { Type } from 'typebox';
import { attributeSchemas, schemaUrn } from '../study/record.js';
import { Line, Sha256Hex, StudyCode, closed } from '../study/schema.js';

/** What outlives a study. The lab stream holds no name, title or sponsor: it must be showable to anyone in full. */
export const LAB_EVENTS = {
  LedgerInitialised: closed({
    /** A domain-like name, fixed for ever: the origin of every log of this ledger begins with it. */
    facility: Line,
    /** True for a ledger whose animals are simulated. It stays marked so for ever. */
    simulated: Type.Boolean(),
  }),
  StudyRegistered: closed({
    code: StudyCode,
    /** Of the RegisterStudy command: the same registration, and no other, may finish what it began. */
    registration: Sha256Hex,
  }),
} as const;

export type LabEventType = keyof typeof LAB_EVENTS;

export interface LedgerInitialised {
  facility: string;
  simulated: boolean;
}

export interface StudyRegistered {
  code: string;
  registration: string;
}

export function isLabEventType(type: string): type is LabEventType {
  return Object.hasOwn(LAB_EVENTS, type);
}

export function labSchemaOf(type: LabEventType) {
  return closed({
    ...attributeSchemas,
    type: Type.Literal(type),
    dataschema: Type.Literal(schemaUrn(type)),
    data: LAB_EVENTS[type],
  });
}
