import { createHash } from 'node:crypto';
import type { Static } from 'typebox';
import { PrepareBody } from '../../src/http/signatures/bodies.js';
import { matches } from '../../src/study/schema.js';
import type { Submission } from '../../src/study/commands/common/command.js';
import { utcInstant } from '../../src/study/instant.js';
import { rangeDigest, recordDigest } from '../../src/recording/signing/digests.js';
import { PAYLOAD_TYPE, writeStatement, type Meaning } from '../../src/study/signatures/statement.js';
import type { Study } from '../../src/study/study.js';
import { canonical } from '../../src/tlog/canonical.js';
import type { Acting, Sent } from './sent.js';

/** Signatures on the pure bench: the statement is the real one, and no key made it. */

/** By the first letters of the pseudonyms that the tests use. */
const ROLES: Readonly<Record<string, string>> = {
  sd: 'director',
  tech: 'technician',
  vet: 'veterinarian',
  stat: 'statistician',
  qa: 'quality',
  mgr: 'management',
};

export function actingAs(actor: string, role = ROLES[actor.replace(/-.*/, '')] ?? 'inspector'): Acting {
  return { actor, role };
}

/** The same command, given by somebody else than the technician. */
export function by(actor: string, command: Sent, role?: string): Sent {
  return { ...command, by: actingAs(actor, role) };
}

/** Somebody signs records, or a range of them. */
export function signs(
  actor: string,
  meaning: Meaning,
  what: number | readonly number[] | { readonly from: number; readonly to: number },
  clock?: string,
): Sent {
  const named = typeof what === 'number' ? [what] : what;
  const data = 'from' in named ? { meaning, range: named } : { meaning, records: named };
  return by(actor, { name: 'SignRecords', body: { data }, ...(clock !== undefined && { clock }) });
}

/** What a passkey would have signed: over the records that a body of SignRecords names, as they are now. */
export function attested(
  study: Study,
  body: unknown,
  { actor, role }: Acting,
  nowMs: number,
): Pick<Submission, 'signed'> {
  const data = (body as { data?: unknown } | undefined)?.data;
  if (!matches(PrepareBody, data)) return {};
  const { meaning, records, range } = data as Static<typeof PrepareBody>;
  if (!records && !range) return {};
  const taken = (from: number, to: number): object[] =>
    study.records
      .toArray()
      .slice(from, to + 1)
      .map(({ record }) => record);
  const subjects = range
    ? [{ ...range, sha256: rangeDigest(taken(range.from, range.to)) }]
    : [...records!]
        .sort((a, b) => a - b)
        .map((number) => ({
          from: number,
          to: number,
          sha256: recordDigest(taken(number, number)[0] ?? {}),
        }));
  const root = `${'A'.repeat(43)}=`;
  const nonce = createHash('sha256').update(`nonce ${study.size}`).digest().subarray(0, 16);
  const statement = writeStatement(
    {
      meaning,
      printedName: `Name of ${actor}`,
      personId: actor,
      role,
      time: utcInstant(nowMs),
      zone: 'Europe/Amsterdam',
      tree: { origin: 'lab.example/studies/KET-01', size: study.size, root },
      lab: { size: 2, root },
      authentication: { method: 'passkey', credential: 1 },
      nonce: nonce.toString('base64url'),
    },
    'lab.example/studies/KET-01',
    subjects,
  );
  const signed = {
    envelope: {
      payload: Buffer.from(canonical(statement)).toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ keyid: 'esign', sig: 'AAAA' }],
    },
    webauthn: { credentialId: 'AAAA', authenticatorData: 'AAAA', clientDataJSON: 'AAAA', signature: 'AAAA' },
  };
  return { signed };
}
