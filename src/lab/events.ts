import { PEOPLE_EVENTS, type PeopleEventData } from './people/facts.js';
import { Type } from '../study/schema-types.js';
import { attributeSchemas, schemaUrn } from '../study/record.js';
import { Instant, Line, RecordNumber, Sha256Hex, StudyCode, closed, described } from '../study/schema.js';

const Vkey = described('a verifier key of C2SP signed-note', {
  pattern: '^[^\\s+]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]+={0,2}$',
  maxLength: 400,
});
const Hash = described('a SHA-256 value in base64', { pattern: '^[A-Za-z0-9+/]{43}=$' });
const Size = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Log = described('lab, access, or study- and a study code', {
  pattern: '^(lab|access|study-[A-Z0-9]+(-[A-Z0-9]+)*)$',
  maxLength: 50,
});

/** Why a head was recorded when it was. */
export const ANCHOR_REASONS = [
  'interval',
  'protocolApproved',
  'studyLocked',
  'studyArchived',
  'signatureApplied',
  'export',
] as const;
export type AnchorReason = (typeof ANCHOR_REASONS)[number];

/**
 * A tree head with the proof that it extends the one recorded before. A head that does not can be seen in the lab log alone.
 */
const anchored = {
  size: Size,
  root: Hash,
  /** The previous head of this log: the lab record that holds it, and its size. Left out for the first. */
  from: Type.Optional(closed({ record: RecordNumber, size: Size })),
  /** RFC 6962 consistency proof from there; empty for the first. */
  proof: Type.Array(Hash, { maxItems: 63 }),
  reason: Type.Enum([...ANCHOR_REASONS]),
};

/** What outlives a study. The lab stream holds no name, title or sponsor: anyone may be shown all of it. */
export const LAB_EVENTS = {
  LedgerInitialised: closed({
    /** A domain-like name, fixed for ever: the origin of every log of this ledger begins with it. */
    facility: Line,
    /** True for a ledger whose animals are simulated. It stays marked so for ever. */
    simulated: Type.Boolean(),
    keys: closed({ lab: Vkey, access: Vkey, esign: Vkey }),
    /** SHA-256 of the lab policy's text, hex. */
    policy: Sha256Hex,
  }),
  StudyRegistered: closed({
    code: StudyCode,
    /** Of the RegisterStudy command: the same registration, and no other, may finish what it began. */
    registration: Sha256Hex,
    vkey: Vkey,
  }),
  StudyCheckpointed: closed({ code: StudyCode, ...anchored }),
  AccessCheckpointed: closed(anchored),
  /** From here on these keys sign. A head signed by the old and the new key links the two. */
  KeyRotated: closed({
    epoch: Type.Integer({ minimum: 2, maximum: 1_000_000 }),
    keys: Type.Array(closed({ origin: Line, vkey: Vkey }), { minItems: 3 }),
    /** SHA-256 of the lab policy's text from here on, hex. */
    policy: Type.Optional(Sha256Hex),
  }),
  /** An RFC 3161 token over the lab checkpoint of this size. */
  TimestampReceived: closed({
    size: Size,
    root: Hash,
    /** SHA-256 of the log-signed note, hex: what the token is over. */
    imprint: Sha256Hex,
    /** SHA-256 of the whole response as it came, hex. */
    tokenSha256: Sha256Hex,
    tsa: Line,
    genTime: Instant,
  }),
  /**
   * The clock was behind the last recorded time, and records were written with that time; or it leapt ahead of the
   * machine's other clocks, and `clock` is then the later of the two.
   */
  ClockAnomaly: closed({ lastRecorded: Instant, clock: Instant }),
  /** A person says that the clock is right, though it is far ahead of what was recorded. */
  ClockConfirmed: closed({ lastRecorded: Instant, clock: Instant, cause: Line }),
  RestoredFromBackup: closed({ log: Log, size: RecordNumber, root: Hash, source: Line, cause: Line }),
  ...PEOPLE_EVENTS,
} as const;

export type LabEventType = keyof typeof LAB_EVENTS;

export interface LedgerInitialised {
  facility: string;
  simulated: boolean;
  keys: { lab: string; access: string; esign: string };
  policy: string;
}

export interface StudyRegistered {
  code: string;
  registration: string;
  vkey: string;
}

export interface AccessCheckpointed {
  size: number;
  root: string;
  from?: { record: number; size: number };
  proof: string[];
  reason: AnchorReason;
}

export interface StudyCheckpointed extends AccessCheckpointed {
  code: string;
}

export interface KeyRotated {
  epoch: number;
  keys: { origin: string; vkey: string }[];
  policy?: string;
}

export interface TimestampReceived {
  size: number;
  root: string;
  imprint: string;
  tokenSha256: string;
  tsa: string;
  genTime: string;
}

export interface ClockConfirmed {
  lastRecorded: string;
  clock: string;
  cause: string;
}

export interface ClockAnomaly {
  lastRecorded: string;
  clock: string;
}

export interface RestoredFromBackup {
  log: string;
  size: number;
  root: string;
  source: string;
  cause: string;
}

export interface LabEventData extends PeopleEventData {
  LedgerInitialised: LedgerInitialised;
  StudyRegistered: StudyRegistered;
  StudyCheckpointed: StudyCheckpointed;
  AccessCheckpointed: AccessCheckpointed;
  KeyRotated: KeyRotated;
  TimestampReceived: TimestampReceived;
  ClockAnomaly: ClockAnomaly;
  ClockConfirmed: ClockConfirmed;
  RestoredFromBackup: RestoredFromBackup;
}

function recordSchema<T extends LabEventType>(type: T) {
  return closed({
    ...attributeSchemas,
    type: Type.Literal(type),
    dataschema: Type.Literal(schemaUrn(type)),
    data: LAB_EVENTS[type],
  });
}

const schemas = new Map<LabEventType, ReturnType<typeof recordSchema>>();

/** The whole record's JSON Schema for one type. */
export function labSchemaOf(type: LabEventType): ReturnType<typeof recordSchema> {
  let schema = schemas.get(type);
  if (!schema) schemas.set(type, (schema = recordSchema(type)));
  return schema;
}
