import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { preAuthenticationEncoding } from '../src/tlog/dsse.js';
import { emptyStudy, fold, signaturesOf } from '../src/study/study.js';
import type { StoredStudyRecord, StudyRecord } from '../src/study/record.js';
import { ed25519Spki } from '../src/signing/ed25519.js';
import { CheckerPool } from '../src/verify/runtime/pool.js';
import { verifyBundle } from '../src/verify/bundle/verify-bundle.js';
import { allSchemas } from '../src/verify/folder/record-schemas.js';
import { writeBag } from '../test/verify/hand-made-bundle.js';
import { PeopleBuilder } from '../test/verify/people-builder.js';
import { sign, type SignatureData } from '../test/verify/signing.js';
import { benchFolder, cpuMs, median, type Ratio } from './measure.js';

const SIGNATURES = 1000;
const RECORDS = 3000;
/** Of the study that is folded. */
const FOLDED = 30_000;
const ROUNDS = 9;
const FOLD_ROUNDS = 30;
const STUDY = 'study-BENCH';

/** What a thousand signatures cost whoever verifies a bundle, and whoever folds the study. */
export async function benchSignatures(): Promise<Ratio[]> {
  const [signed, plain] = [studyOf(SIGNATURES), studyOf(0)];
  return [await verifying(signed, plain), folding(signed, plain)];
}

/** A study of weights; every third one is signed by whoever took it. */
function studyOf(signatures: number): PeopleBuilder {
  const ledger = PeopleBuilder.begun();
  ledger.hire('sd-1', 'director');
  ledger.hire('tech-1', 'technician', {}, 'sd-1');
  ledger.attest('tech-1');
  ledger.open('BENCH');
  for (let number = 1; number <= RECORDS; number++) {
    const record = ledger.weigh(STUDY, 'tech-1');
    if (number <= 3 * signatures && number % 3 === 0)
      sign(ledger, STUDY, 'tech-1', { meaning: 'performed', records: [record] });
  }
  return ledger;
}

async function verifying(signed: PeopleBuilder, plain: PeopleBuilder): Promise<Ratio> {
  const folder = benchFolder();
  const schemas = allSchemas();
  const worker = new URL('../src/verify/runtime/chunk-worker.js', import.meta.url);
  const bags = [signed, plain].map((ledger, i) => {
    const path = join(folder.path, `${i}`);
    writeBag(ledger, STUDY, path);
    return { path, labVkey: ledger.vkey('lab') };
  });
  const data = signatureData(signed);
  const times = { signed: [] as number[], plain: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, { path, labVkey }] of bags.entries()) {
        const checker = new CheckerPool({ schemas, worker });
        globalThis.gc?.();
        const start = performance.now();
        const report = await verifyBundle(path, { schemas, checker, version: '0', labVkey });
        times[i === 0 ? 'signed' : 'plain'].push(performance.now() - start);
        await checker.close();
        if ((report.signatures ?? []).length !== (i === 0 ? SIGNATURES : 0))
          throw new Error('not all were checked');
        if (report.signatures?.some(({ status }) => status !== 'valid')) throw new Error('not all are valid');
      }
      const start = performance.now();
      bare(data);
      times.bare.push(performance.now() - start);
    }
  } finally {
    folder.remove();
  }
  const [ours, own] = [median(times.signed) - median(times.plain), median(times.bare)];
  return {
    what: 'verify a bundle: what 1,000 signatures add',
    against: 'checking them bare, with node:crypto',
    ours,
    bare: own,
    unit: 'ms',
    ratio: ours / own,
    bound: { atMost: 2 },
  };
}

interface Checkable {
  readonly key: KeyObject;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Both signatures of each, with the keys ready. */
function signatureData(ledger: PeopleBuilder): Checkable[] {
  const esign = keyOf(ledger.ring.key(ledger.origin('esign')).key.publicKey);
  const passkey = keyOf(ledger.passkeys.get(ledger.credentials.get('tech-1')!)!.publicKey);
  return ledger.streams.get(STUDY)!.flatMap(({ text }) => {
    const { type, data } = JSON.parse(text) as { type: string; data: SignatureData };
    if (type !== 'SignatureApplied') return [];
    const { envelope, webauthn } = data;
    const { sig } = envelope.signatures[0]!;
    const encoded = preAuthenticationEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'));
    const clientData = Buffer.from(webauthn.clientDataJSON, 'base64url');
    const message = Buffer.concat([
      Buffer.from(webauthn.authenticatorData, 'base64url'),
      createHash('sha256').update(clientData).digest(),
    ]);
    return [
      { key: esign, message: encoded, signature: Buffer.from(sig, 'base64') },
      { key: passkey, message, signature: Buffer.from(webauthn.signature, 'base64url') },
    ];
  });
}

function keyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: ed25519Spki(publicKey), format: 'der', type: 'spki' });
}

function bare(checkable: readonly Checkable[]): void {
  for (const { key, message, signature } of checkable)
    if (!verify(null, message, key, signature)) throw new Error('a signature is wrong');
}

/** To the answer who signed what: a fold that nobody asks reads no payload. */
function folding(signed: PeopleBuilder, plain: PeopleBuilder): Ratio {
  const [withThem, without] = [recordsOf(signed), recordsOf(plain)];
  const [ours, own]: [number[], number[]] = [[], []];
  const measure = [
    () => ours.push(timed(() => fold(emptyStudy('BENCH'), withThem))),
    () => own.push(timed(() => fold(emptyStudy('BENCH'), without))),
  ];
  // Whichever goes first in a round also pays for what is compiled meanwhile.
  for (let round = 0; round < FOLD_ROUNDS; round++)
    for (const one of round % 2 === 0 ? measure : measure.toReversed()) one();
  if (signaturesOf(fold(emptyStudy('BENCH'), withThem)).length !== SIGNATURES)
    throw new Error('not all were read');
  return {
    what: 'folding a study with 1,000 signatures',
    against: 'the same without them',
    ours: median(ours),
    bare: median(own),
    unit: 'ms',
    ratio: median(ours) / median(own),
    bound: { atMost: 1.1 },
  };
}

/** The records, with weights after them until there are so many. */
function recordsOf(ledger: PeopleBuilder): StoredStudyRecord[] {
  const records = ledger.streams
    .get(STUDY)!
    .map(({ text, leaf }, number) => ({ number, leaf, record: JSON.parse(text) as StudyRecord }));
  const weight = records.find(({ record }) => record.type === 'BodyWeightRecorded')!;
  const startMs = Date.parse(records.at(-1)!.record.recordedtime);
  while (records.length < FOLDED) {
    const number = records.length;
    const time = new Date(startMs + 1000 * number).toISOString();
    const record = { ...weight.record, subject: `R${number % 24}`, time, recordedtime: time };
    records.push({ ...weight, number, record });
  }
  return records;
}

function timed(work: () => unknown): number {
  globalThis.gc?.();
  const start = cpuMs();
  work();
  return cpuMs() - start;
}
