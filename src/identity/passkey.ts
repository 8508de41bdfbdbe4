import type { Lab } from '../lab/lab.js';
import { credentialWithId } from '../lab/people/standing.js';
import type { Proof } from '../lab/sessions.js';
import { Type } from '../study/schema-types.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { described, matches } from '../study/schema.js';
import { checkAssertion } from '../webauthn/assertion.js';
import { userIdOf } from './ceremony-options.js';
import { assertionCrypto } from './verify-signature.js';

const Bytes = described('bytes in base64url', { maxLength: 8000, pattern: '^[A-Za-z0-9_-]*$' });

/** What `PublicKeyCredential.toJSON()` gives after `navigator.credentials.get()`; other members are not looked at. */
export const AuthenticationResponse = Type.Object({
  id: Bytes,
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Type.Optional(Type.Unknown()),
  }),
});

interface Response {
  readonly id: string;
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: unknown;
  };
}

/** Whose passkey answered the challenge. The counter is judged when it is recorded. */
export function provePasskey(
  { people, facility }: Lab,
  body: unknown,
  { challenge, origin, rpId }: { readonly challenge: string; readonly origin: string; readonly rpId: string },
): { readonly person: string; readonly proof: Proof } | Refusal<'assertion-invalid'> {
  if (!matches(AuthenticationResponse, body)) return refuseAssertion();
  const { id, response } = body as Response;
  const credential = credentialWithId(people, id);
  if (!credential || credential.revoked || credential.rpId !== rpId) return refuseAssertion();
  const { userHandle } = response;
  if (typeof userHandle === 'string' && userHandle !== userIdOf(facility, credential.person))
    return refuseAssertion();
  const checked = checkAssertion(response, credential, { challenge, origin }, assertionCrypto);
  if ('wrong' in checked) return refuseAssertion();
  const { person, number } = credential;
  return { person, proof: { method: 'passkey', credential: number, counter: checked.counter } };
}

/** Says no more: what exactly was wrong helps only those who try. */
export function refuseAssertion(): Refusal<'assertion-invalid'> {
  return refuse('assertion-invalid', 'The passkey did not sign you in: try again.');
}
