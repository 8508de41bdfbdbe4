import { checkCanonical } from '../../../tlog/check-canonical.js';
import { preAuthenticationEncoding } from '../../../tlog/dsse.js';
import { fromBase64, hashToBase64url, utf8Text } from '../../../tlog/encoding.js';
import type { Assertion } from '../../../webauthn/assertion.js';
import { sha256 } from '../../runtime/crypto.js';
import { instantMs } from '../instant.js';
import { textOf, type Attributes } from '../record.js';
import { compileSchema } from '../schema.js';

/** What a person signed: an in-toto Statement v1 with the predicate of this ledger. */
export interface Statement {
  readonly predicate: {
    readonly meaning: string;
    readonly printedName: string;
    readonly personId: string;
    readonly role: string;
    readonly time: string;
    readonly zone: string;
    readonly tree: { readonly origin: string; readonly size: number; readonly root: string };
    readonly lab: { readonly size: number; readonly root: string };
    /** Lab record of the credential. */
    readonly authentication: { readonly credential: number };
    readonly nonce: string;
  };
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
}

/** A record, or the records from one to another, both ends included. */
export interface Covered {
  readonly origin: string;
  readonly from: number;
  readonly to: number;
  /** Hex: of the record’s bytes; of a range, of its NDJSON bytes. */
  readonly sha256: string;
}

/** A signature as its record holds it. The payload is decoded once: the bytes that are verified are those that were parsed. */
export interface Signed {
  readonly record: number;
  readonly actor: string;
  readonly role: string;
  readonly session: string;
  readonly recordedMs: number;
  readonly labSize: number;
  readonly statement: Statement;
  readonly covers: readonly Covered[];
  /** The bytes that the ledger's key signed. */
  readonly encoded: Uint8Array;
  /** What the passkey signed: SHA-256 of those bytes, base64url. */
  readonly challenge: string;
  /** By the ledger's key for signatures. */
  readonly attested: { readonly keyid: string; readonly sig: Uint8Array };
  readonly webauthn: Assertion & { readonly credentialId: string };
  /** As its record holds it. */
  readonly envelope: object;
  /** The canonical bytes of the statement. */
  readonly payload: Uint8Array;
}

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

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
];

const text = (pattern?: string): object => ({
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  ...(pattern !== undefined && { pattern }),
});
const number = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const closed = (properties: Record<string, object>): object => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const list = (items: object, maxItems: number): object => ({ type: 'array', minItems: 1, maxItems, items });

const HEX = text('^[0-9a-f]{64}$');
const ROOT = text('^[A-Za-z0-9+/]{43}=$');

const checkStatement = compileSchema(
  closed({
    _type: { const: 'https://in-toto.io/Statement/v1' },
    predicateType: { const: 'urn:study-ledger:signature:v1' },
    predicate: closed({
      meaning: { enum: MEANINGS },
      printedName: text(),
      personId: text(),
      role: text(),
      time: { type: 'string', format: 'instant' },
      zone: text(),
      tree: closed({ origin: text(), size: number, root: ROOT }),
      lab: closed({ size: number, root: ROOT }),
      authentication: closed({ method: { const: 'passkey' }, credential: number }),
      nonce: text('^[A-Za-z0-9_-]{22}$'),
    }),
    subject: list(
      closed({
        name: text('^[^\\s]+/records/(0|[1-9][0-9]{0,14})(-[1-9][0-9]{0,14})?$'),
        digest: closed({ sha256: HEX }),
      }),
      100,
    ),
  }),
);

const bytes = { type: 'string', minLength: 1 };
const checkData = compileSchema({
  type: 'object',
  required: ['envelope', 'webauthn'],
  properties: {
    envelope: {
      type: 'object',
      required: ['payload', 'payloadType', 'signatures'],
      properties: {
        payload: bytes,
        payloadType: { const: PAYLOAD_TYPE },
        signatures: list(
          { type: 'object', required: ['keyid', 'sig'], properties: { keyid: bytes, sig: bytes } },
          4,
        ),
      },
    },
    webauthn: {
      type: 'object',
      required: ['credentialId', 'authenticatorData', 'clientDataJSON', 'signature'],
      properties: {
        credentialId: bytes,
        authenticatorData: bytes,
        clientDataJSON: bytes,
        signature: bytes,
      },
    },
  },
});

/** The signature in a SignatureApplied; a text that says why there is none to be read. */
export function readSigned(record: number, attributes: Attributes): Signed | string {
  const data = attributes['data'];
  const unfit = checkData(data);
  if (unfit !== undefined) return `its data${unfit}`;
  const { envelope, webauthn } = data as {
    envelope: { payload: string; signatures: [{ keyid: string; sig: string }] };
    webauthn: Signed['webauthn'];
  };
  let payload: Uint8Array;
  let sig: Uint8Array;
  let parsed: unknown;
  try {
    payload = fromBase64(envelope.payload);
    sig = fromBase64(envelope.signatures[0].sig);
    parsed = checkCanonical(utf8Text(payload));
  } catch (error) {
    return `its payload ${(error as Error).message}`;
  }
  const wrong = checkStatement(parsed);
  if (wrong !== undefined) return `its statement: ${wrong.trimStart()}`;
  const statement = parsed as Statement;
  const encoded = preAuthenticationEncoding(PAYLOAD_TYPE, payload);
  return {
    record,
    actor: textOf(attributes['actor']),
    role: textOf(attributes['actorrole']),
    session: textOf(attributes['session']),
    recordedMs: instantMs(textOf(attributes['recordedtime'])),
    labSize: Number(attributes['labsize'] ?? NaN),
    statement,
    covers: statement.subject.map(coveredBy),
    encoded,
    challenge: hashToBase64url(sha256(encoded)),
    attested: { keyid: envelope.signatures[0].keyid, sig },
    webauthn,
    envelope,
    payload,
  };
}

function coveredBy({ name, digest }: Statement['subject'][number]): Covered {
  const [, origin, from, to = from] = /^(.*)\/records\/([0-9]+)(?:-([0-9]+))?$/.exec(name)!;
  return { origin: origin!, from: Number(from), to: Number(to), sha256: digest.sha256 };
}

export function isOver({ covers }: Pick<Signed, 'covers'>, record: number): boolean {
  return covers.some(({ from, to }) => from <= record && record <= to);
}

/** “record 3”, “records 5–9”, “records 3, 5–9”. */
export function coveredText(covers: readonly Pick<Covered, 'from' | 'to'>[]): string {
  const numbers = covers.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const isOne = covers.length === 1 && covers[0]!.from === covers[0]!.to;
  return `${isOne ? 'record' : 'records'} ${numbers.join(', ')}`;
}
