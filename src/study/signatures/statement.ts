import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import {
  Code,
  Instant,
  Line,
  PersonId,
  RecordNumber,
  Sha256Hex,
  closed,
  described,
  matches,
} from '../schema.js';

/**
 * What a person signs: an in-toto Statement v1. It names the records by digest, says what the signature means, and holds the
 * heads of the study and of the lab at that moment. Its canonical JSON is the payload of a DSSE envelope.
 */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'urn:study-ledger:signature:v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** What a signature can mean: a closed list. */
export const MEANINGS = [
  'authored',
  'performed',
  'witnessed',
  'reviewed',
  'approved',
  'acknowledged',
  'inspected',
  'closed',
  'archived',
] as const;
export type Meaning = (typeof MEANINGS)[number];
export const MeaningSchema = Type.Enum([...MEANINGS]);

const Root = described('a root hash in base64', { pattern: '^[A-Za-z0-9+/]{43}=$' });
const SubjectName = described('<origin>/records/<number> or <origin>/records/<first>-<last>', {
  pattern: '^[^\\s]+/records/(0|[1-9][0-9]*)(-[1-9][0-9]*)?$',
  maxLength: 400,
});

const Predicate = closed({
  meaning: MeaningSchema,
  /** In clear, and never redacted. */
  printedName: Line,
  personId: PersonId,
  /** The role that was acted in. */
  role: Code,
  time: Instant,
  /** IANA. */
  zone: Line,
  tree: closed({ origin: Line, size: RecordNumber, root: Root }),
  lab: closed({ size: RecordNumber, root: Root }),
  authentication: closed({ method: Type.Literal('passkey'), credential: RecordNumber }),
  /** 16 bytes in base64url. */
  nonce: described('16 bytes in base64url', { pattern: '^[A-Za-z0-9_-]{22}$' }),
});
export type Predicate = Static<typeof Predicate>;

export const StatementSchema = closed({
  _type: Type.Literal(STATEMENT_TYPE),
  predicate: Predicate,
  predicateType: Type.Literal(PREDICATE_TYPE),
  subject: Type.Array(closed({ digest: closed({ sha256: Sha256Hex }), name: SubjectName }), {
    minItems: 1,
    maxItems: 100,
  }),
});
export type Statement = Static<typeof StatementSchema>;

/** A record, or the records of a range, both ends included. */
export interface Covered {
  readonly from: number;
  readonly to: number;
}

export interface SubjectOf extends Covered {
  /** SHA-256, hex, of the record's canonical bytes; of a range, of its NDJSON bytes, each line with LF. */
  readonly sha256: string;
}

export function writeStatement(
  predicate: Predicate,
  origin: string,
  subjects: readonly SubjectOf[],
): Statement {
  return {
    _type: STATEMENT_TYPE,
    predicate,
    predicateType: PREDICATE_TYPE,
    subject: subjects.map(({ from, to, sha256 }) => ({
      digest: { sha256 },
      name: `${origin}/records/${from === to ? from : `${from}-${to}`}`,
    })),
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The statement in a payload, base64 as it is written here; undefined where it is none. Whether the payload is in canonical form is checked with its signatures. */
export function readStatement(payload: string): Statement | undefined {
  try {
    const characters = atob(payload);
    if (btoa(characters) !== payload) return undefined;
    const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const parsed: unknown = JSON.parse(UTF8.decode(bytes));
    return matches(StatementSchema, parsed) ? (parsed as Statement) : undefined;
  } catch {
    return undefined;
  }
}

/** The records that a statement is about. */
export function coveredBy({ subject }: Pick<Statement, 'subject'>): Covered[] {
  return subject.map(({ name }) => {
    const [from, to = from] = name
      .slice(name.lastIndexOf('/') + 1)
      .split('-')
      .map(Number) as [number, number?];
    return { from, to };
  });
}
