import { randomUUID } from 'node:crypto';
import { sha256, sha256Hex } from '../../src/shared/sha256.js';
import type { Ed25519Key } from '../../src/signing/ed25519.js';
import { canonical } from '../../src/tlog/canonical.js';
import { preAuthenticationEncoding } from '../../src/tlog/dsse.js';
import {
  hashToBase64,
  hashToBase64url,
  putHash,
  toBase64,
  toBase64url,
  utf8,
} from '../../src/tlog/encoding.js';
import { credentialIdOf, SITE, type Changes, type PeopleBuilder } from './people-builder.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

export interface Statement {
  _type: string;
  predicateType: string;
  predicate: {
    meaning: string;
    printedName: string;
    personId: string;
    role: string;
    time: string;
    zone: string;
    tree: { origin: string; size: number; root: string };
    lab: { size: number; root: string };
    authentication: { method: string; credential: number };
    nonce: string;
  };
  subject: { name: string; digest: { sha256: string } }[];
}

export interface SignatureData {
  envelope: { payload: string; payloadType: string; signatures: { keyid: string; sig: string }[] };
  webauthn: { credentialId: string; authenticatorData: string; clientDataJSON: string; signature: string };
}

export interface Signing {
  readonly meaning: string;
  readonly records?: readonly number[];
  readonly range?: readonly [number, number];
  readonly role?: string;
  /** What the passkey is asked for: another origin, another counter. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly counter?: number;
  /** Flags of the authenticator data: user present and verified. */
  readonly presence?: number;
  readonly credential?: number;
  /** Sizes of study and lab that are named. */
  readonly size?: number;
  readonly labSize?: number;
  /** Changes what is signed, before it is. */
  readonly state?: (statement: Statement) => void;
  /** Attributes of the record in place of those that are right. */
  readonly more?: Changes;
}

/** A signature by a person, as the ledger would have made it unless a test says otherwise. */
export function signed(ledger: PeopleBuilder, log: string, person: string, signing: Signing): SignatureData {
  const { meaning, records, range, role = ledger.roles.get(person)!, state } = signing;
  const { credential = ledger.credentials.get(person)! } = signing;
  const [size, labSize] = [signing.size ?? ledger.trees.get(log)!.size, signing.labSize ?? ledger.labSize];
  const origin = ledger.origin(log);
  const texts = ledger.streams.get(log)!.map(({ text }) => text);
  const subject = range
    ? [
        over(
          origin,
          `${range[0]}-${range[1]}`,
          texts
            .slice(range[0], range[1] + 1)
            .map((one) => `${one}\n`)
            .join(''),
        ),
      ]
    : records!.map((number) => over(origin, `${number}`, texts[number]!));
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'urn:study-ledger:signature:v1',
    predicate: {
      meaning,
      printedName: `Name of ${person}`,
      personId: person,
      role,
      time: ledger.inMs(1000),
      zone: SITE.zone,
      tree: { origin, size, root: hashToBase64(ledger.trees.get(log)!.root(size)) },
      lab: { size: labSize, root: hashToBase64(ledger.trees.get('lab')!.root(labSize)) },
      authentication: { method: 'passkey', credential },
      nonce: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url'),
    },
    subject,
  };
  state?.(statement);
  return sealed(ledger, canonical(statement), ledger.passkeys.get(credential)!, signing);
}

function over(origin: string, numbers: string, text: string): Statement['subject'][number] {
  return { digest: { sha256: sha256Hex(text) }, name: `${origin}/records/${numbers}` };
}

/** Any text, signed by the ledger's key and a passkey. */
export function sealed(
  ledger: PeopleBuilder,
  text: string,
  passkey: Ed25519Key,
  { origin = SITE.origin, rpId = SITE.rpId, counter = 0, presence = 0x05 }: Partial<Signing> = {},
): SignatureData {
  const encoded = preAuthenticationEncoding(PAYLOAD_TYPE, utf8(text));
  const esign = ledger.ring.key(ledger.origin('esign'));
  const clientData = utf8(
    JSON.stringify({
      type: 'webauthn.get',
      challenge: hashToBase64url(sha256(encoded)),
      origin,
      crossOrigin: false,
    }),
  );
  const authenticatorData = new Uint8Array(37);
  putHash(authenticatorData, 0, sha256(utf8(rpId)));
  authenticatorData[32] = presence;
  new DataView(authenticatorData.buffer).setUint32(33, counter);
  const message = new Uint8Array(69);
  message.set(authenticatorData);
  putHash(message, 37, sha256(clientData));
  return {
    envelope: {
      payload: toBase64(utf8(text)),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ keyid: esign.key.id, sig: toBase64(esign.sign(encoded)) }],
    },
    webauthn: {
      credentialId: credentialIdOf(passkey),
      authenticatorData: toBase64url(authenticatorData),
      clientDataJSON: toBase64url(clientData),
      signature: toBase64url(passkey.sign(message)),
    },
  };
}

/** Records a signature. */
export function apply(
  ledger: PeopleBuilder,
  log: string,
  person: string,
  data: SignatureData,
  more: Changes = {},
): number {
  return ledger.add(log, 'SignatureApplied', data, {
    actor: person,
    actorrole: ledger.roles.get(person),
    command: 'SignRecords',
    session: ledger.sessions.get(person),
    ...more,
  });
}

export function sign(ledger: PeopleBuilder, log: string, person: string, signing: Signing): number {
  return apply(ledger, log, person, signed(ledger, log, person, signing), {
    actorrole: signing.role ?? ledger.roles.get(person),
    ...signing.more,
  });
}
