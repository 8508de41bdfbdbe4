import { assertionCrypto } from '../identity/verify-signature.js';
import type { Lab } from '../lab/lab.js';
import { esignName, originOf, studyLog } from '../lab/origins.js';
import { credentialNumbered, siteInForce } from '../lab/people/standing.js';
import type { Engine, OpenStudy } from '../recording/engine.js';
import { digestIn } from '../recording/signing/digests.js';
import { challengeOf, signedBytes } from '../recording/signing/challenge.js';
import { spanKey, storedDigests, type StoredDigests } from '../recording/signing/stored-digests.js';
import { ed25519Verify } from '../signing/ed25519.js';
import { sha256 } from '../shared/sha256.js';
import { isOf } from '../study/record.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { Applied } from '../study/signatures/applied.js';
import { statusOf } from '../study/signatures/signatures.js';
import { signaturesOf, type Study } from '../study/study.js';
import type { EventData } from '../study/events/events.js';
import { canonical } from '../tlog/canonical.js';
import { fromBase64, utf8Text } from '../tlog/encoding.js';
import { parseVkey } from '../tlog/note.js';
import { checkAssertion } from '../webauthn/assertion.js';
import type { Answer, ShowSignatures } from './queries.js';

/** A signature with what is true of it now. */
export interface ShownSignature {
  /** Of the SignatureApplied. */
  readonly record: number;
  readonly meaning: string;
  readonly printedName: string;
  readonly person: string;
  readonly role: string;
  readonly time: string;
  readonly zone: string;
  readonly covers: readonly { readonly from: number; readonly to: number }[];
  /** `superseded`: a record that was signed was corrected or withdrawn later. `broken`: it does not check. */
  readonly status: 'valid' | 'superseded' | 'broken';
  /** The record by which it was superseded. */
  readonly supersededBy?: number;
  /** What does not check. */
  readonly broken?: readonly string[];
}

export async function showSignatures(engine: Engine, { study }: ShowSignatures): Promise<Answer | Refusal> {
  const lab = await engine.lab();
  if (!lab.studies.has(study))
    return refuse('study-unknown', `There is no study ${study.slice(0, 60)}.`, 'study');
  const open = await engine.study(study);
  const signatures = await checkedSignatures(engine, study);
  const { simulated } = lab;
  const placed = { study, treeSize: open.size, root: open.root(open.size) };
  return { ...placed, ...(simulated && { simulated }), signatures };
}

/**
 * The signatures of a study, or those over one record, each checked now against the records as they are stored, the roots,
 * and the keys that the lab published.
 */
export async function checkedSignatures(
  engine: Engine,
  study: string,
  isAsked: (signature: Applied) => boolean = () => true,
): Promise<ShownSignature[]> {
  const lab = await engine.lab();
  const open = await engine.study(study);
  const labLog = await engine.log('lab');
  const shown: ShownSignature[] = [];
  const asked = signaturesOf(open.state).filter(isAsked);
  const here = asked.flatMap(({ covers }) => covers).filter(({ to }) => to < open.size);
  const digests = await storedDigests(engine.store, study, here);
  for (const signature of asked) {
    const broken = [
      ...checkHeads(lab, open, (size) => (size <= labLog.size ? labLog.root(size) : ''), signature),
      ...checkKeys(lab, open.state, signature),
      ...checkDigests(digests, signature),
    ];
    shown.push(describe(open, signature, broken));
  }
  return shown;
}

function describe(open: OpenStudy, signature: Applied, broken: readonly string[]): ShownSignature {
  const { record, meaning, person, role, covers, statement } = signature;
  const { printedName, time, zone } = statement.predicate;
  const said = { record, meaning, printedName, person, role, time, zone, covers };
  if (broken.length > 0) return { ...said, status: 'broken', broken };
  const now = statusOf(open.state, signature);
  return now.status === 'superseded'
    ? { ...said, status: 'superseded', supersededBy: now.by }
    : { ...said, status: 'valid' };
}

function checkHeads(
  { facility }: Lab,
  open: OpenStudy,
  labRoot: (size: number) => string,
  { record, statement }: Applied,
): string[] {
  const { tree, lab } = statement.predicate;
  const origin = originOf(facility, studyLog(open.state.code));
  const isOwn = statement.subject.every(({ name }) => name.startsWith(`${origin}/records/`));
  return [
    ...(tree.origin === origin && isOwn ? [] : ['It was made over another log.']),
    ...(tree.size <= record && open.root(tree.size) === tree.root
      ? []
      : ['The study does not have the root that was signed.']),
    ...(labRoot(lab.size) === lab.root ? [] : ['The lab does not have the root that was signed.']),
  ];
}

function checkDigests(digests: StoredDigests, { covers, statement }: Applied): string[] {
  return covers.flatMap(({ from, to }, index) =>
    digests.get(spanKey({ from, to })) === statement.subject[index]!.digest.sha256
      ? []
      : [`${from === to ? `Record ${from}` : `Records ${from} to ${to}`}: not the bytes that were signed.`],
  );
}

/**
 * What does not check of a signature against the keys of the lab and the records as they are folded. The roots that it names
 * are looked at by `checkedSignatures`, and by the verifier.
 */
export function faultsOf(lab: Lab, study: Study, signature: Applied): string[] {
  const { covers, statement } = signature;
  const isAsSigned = covers.every(
    (covered, index) => digestIn(study.records, covered) === statement.subject[index]!.digest.sha256,
  );
  return [
    ...(isAsSigned ? [] : ['The records are not those that were signed.']),
    ...checkKeys(lab, study, signature),
  ];
}

/** The ledger's own key, and the passkey as it was when the signature was recorded. */
function checkKeys(lab: Lab, study: Study, signature: Applied): string[] {
  const record = study.records.at(signature.record)?.record;
  if (!record || !isOf('SignatureApplied', record)) return ['Its record states no signature.'];
  const { envelope, webauthn } = record.data;
  return [
    ...(isCanonical(envelope.payload) ? [] : ['The payload is not in canonical form.']),
    ...(isAttested(lab, envelope) ? [] : ['The ledger’s own signature does not check.']),
    ...checkPasskey(lab, signature, webauthn, envelope.payload, record.actor),
    ...checkOnce(study, signature),
  ];
}

/** What somebody signed once is no second signature, whoever records it again. */
function checkOnce(study: Study, { record, statement }: Applied): string[] {
  const { nonce } = statement.predicate;
  const first = signaturesOf(study).find((one) => one.statement.predicate.nonce === nonce);
  return first && first.record < record ? [`It is that of record ${first.record}, recorded again.`] : [];
}

/** One statement has one text, so that nothing in the bytes is passed over. */
function isCanonical(payload: string): boolean {
  const text = utf8Text(fromBase64(payload));
  return canonical(JSON.parse(text)) === text;
}

function isAttested(
  { facility, keys }: Lab,
  { payload, signatures }: EventData<'SignatureApplied'>['envelope'],
): boolean {
  const [own] = signatures;
  const published = (keys.get(esignName(facility)) ?? []).map(({ vkey }) => vkey);
  const vkey = published.find((one) => one.split('+')[1] === own?.keyid);
  if (!own || vkey === undefined) return false;
  const { publicKey } = parseVkey(sha256, vkey);
  try {
    return ed25519Verify(publicKey, signedBytes(fromBase64(payload)), fromBase64(own.sig));
  } catch {
    // Whoever writes to the store writes what they like.
    return false;
  }
}

function checkPasskey(
  { people }: Lab,
  { person, statement }: Applied,
  webauthn: EventData<'SignatureApplied'>['webauthn'],
  payload: string,
  actor: string,
): string[] {
  const { authentication, lab } = statement.predicate;
  const credential = credentialNumbered(people, authentication.credential);
  if (actor !== person || credential?.person !== person || credential.credentialId !== webauthn.credentialId)
    return ['The passkey is not the signer’s.'];
  const held =
    (credential.confirmed?.number ?? Infinity) < lab.size &&
    (credential.revoked?.number ?? Infinity) >= lab.size;
  const attested = people.persons.get(person)?.attestation?.number ?? Infinity;
  const site = siteInForce(people, lab.size);
  const challenge = challengeOf(fromBase64(payload));
  const checked = checkAssertion(
    webauthn,
    credential,
    { challenge, origin: site?.origin ?? '' },
    assertionCrypto,
  );
  return [
    ...(held ? [] : ['The passkey was not in force then.']),
    ...(attested < lab.size ? [] : ['The signer had not stated that a signature binds.']),
    ...('wrong' in checked ? ['The passkey did not sign this.'] : []),
  ];
}
