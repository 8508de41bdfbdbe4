import { assertionCrypto } from '../../identity/verify-signature.js';
import type { Lab } from '../../lab/lab.js';
import { credentialNumbered, siteInForce } from '../../lab/people/standing.js';
import type { Submission } from '../../study/commands/common/command.js';
import { isOf } from '../../study/record.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { readStatement } from '../../study/signatures/statement.js';
import { signaturesOf, type Study } from '../../study/study.js';
import { fromBase64, fromBase64url } from '../../tlog/encoding.js';
import { checkAssertion } from '../../webauthn/assertion.js';
import { parseAuthenticatorData } from '../../webauthn/authenticator-data.js';
import { challengeOf } from './challenge.js';
import { findSigner } from './signer.js';

/**
 * Whether a signature may be recorded as it was made: by a passkey that still is the signer's, over this payload, in the role
 * that the signer still acts in. It is asked when the record is decided, on the lab and the study as they are then; that
 * the ledger made the payload, its ticket says.
 */
export function checkSigned(
  lab: Lab,
  study: Study,
  submission: Submission,
  role: string,
): Refusal | undefined {
  const { signed } = submission;
  if (!signed) return undefined;
  const { envelope, webauthn } = signed;
  const signer = findSigner(lab, submission);
  if (signer instanceof Refusal) return signer;
  const statement = readStatement(envelope.payload);
  if (!statement) return refusePayload();
  const { predicate } = statement;
  if (predicate.role !== role)
    return refuse(
      'payload-invalid',
      `You would sign in the role ${role}, and what you were shown says ${predicate.role}: prepare the signature again.`,
    );
  const { credential } = signer;
  const site = siteInForce(lab.people, predicate.lab.size);
  if (
    !site ||
    predicate.authentication.credential !== credential.number ||
    webauthn.credentialId !== credential.credentialId ||
    credentialNumbered(lab.people, credential.number)?.rpId !== site.rpId
  )
    return refuseSigned();
  const expected = {
    challenge: challengeOf(fromBase64(envelope.payload)),
    origin: site.origin,
    counter: highestCounter(study, credential.number),
  };
  const checked = checkAssertion(webauthn, credential, definedIn(expected), assertionCrypto);
  return 'wrong' in checked ? refuseSigned() : undefined;
}

/** The highest counter that a passkey gave in this study: a lower one is a copy's. */
function highestCounter(study: Study, credential: number): number | undefined {
  let highest: number | undefined;
  for (const { record: number, statement } of signaturesOf(study)) {
    if (statement.predicate.authentication.credential !== credential) continue;
    const record = study.records.at(number)?.record;
    if (!record || !isOf('SignatureApplied', record)) continue;
    const counter = parseAuthenticatorData(fromBase64url(record.data.webauthn.authenticatorData))?.counter;
    if (counter !== undefined && (highest === undefined || counter > highest)) highest = counter;
  }
  return highest;
}

function definedIn<T extends { counter: number | undefined }>({ counter, ...rest }: T) {
  return { ...rest, ...(counter !== undefined && { counter }) };
}

export function refusePayload(): Refusal<'payload-invalid'> {
  return refuse('payload-invalid', 'What was signed is not what was prepared: prepare the signature again.');
}

/** Says no more: what exactly was wrong helps only those who try. */
export function refuseSigned(): Refusal<'assertion-invalid'> {
  return refuse(
    'assertion-invalid',
    'The passkey did not sign what was prepared: prepare the signature again, and use the passkey that you signed in with.',
  );
}
