import { API } from '../../../shared/api-prefix.js';
import { post } from './ask-server.js';

/** Who is signed in from now on. */
export interface SignedIn {
  readonly person: string;
}

/** What kept a passkey from being used or made, as a sentence. */
export class PasskeyError extends Error {}

interface Asked<O> {
  readonly options: O;
  readonly ticket: string;
}

/** @throws PasskeyError, Refused. */
export async function signInByPasskey(): Promise<SignedIn> {
  checkSupport();
  const { options, ticket } = await post<Asked<PublicKeyCredentialRequestOptionsJSON>>(
    `${API}/sign-in/passkey/options`,
    {},
  );
  const credential = await usePasskey(options);
  return post<SignedIn>(`${API}/sign-in/passkey`, { ticket, credential });
}

/** Asks for the passkey; what it signed, as the interface takes it. @throws PasskeyError. */
export function usePasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<object> {
  checkSupport();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return used(() => navigator.credentials.get({ publicKey }), options.timeout);
}

/** @param about whose: a person and the code of the link, or nobody for the one who is signed in. @throws PasskeyError, Refused. */
export async function enrolPasskey(
  about: { readonly person: string; readonly code: string } | undefined,
  label: string,
): Promise<{ readonly records: readonly unknown[] }> {
  checkSupport();
  const { options, ticket } = await post<Asked<PublicKeyCredentialCreationOptionsJSON>>(
    `${API}/enrolment/options`,
    about ?? {},
  );
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await used(() => navigator.credentials.create({ publicKey }), options.timeout);
  return post(
    `${API}/enrolment`,
    { ticket, credential, label, ...(about && { code: about.code }) },
    crypto.randomUUID(),
  );
}

function checkSupport(): void {
  if ('PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential) return;
  throw new PasskeyError(
    isSecureContext
      ? 'This browser is too old for passkeys. Use a current Firefox, Chrome, Edge or Safari.'
      : 'Passkeys need an address that begins with https, or localhost.',
  );
}

async function used(ask: () => Promise<Credential | null>, timeoutMs: number = Infinity): Promise<object> {
  const began = performance.now();
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    if (credential) return credential.toJSON() as object;
  } catch (error) {
    const { name } = error as DOMException;
    const isLate = performance.now() - began >= timeoutMs - 1000;
    throw new PasskeyError(isLate ? LATE : (REASONS[name] ?? `The browser refuses the passkey: ${name}.`));
  }
  throw new PasskeyError(REASONS['NotAllowedError']);
}

const LATE = 'It took too long. Try again.';
const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError:
    'No passkey was used: it was cancelled, or this device holds none for this ledger. Try again.',
  AbortError: 'It was cancelled. Try again.',
  SecurityError: `Passkeys of this ledger belong to another address than ${location.host}: open the ledger there.`,
  NotSupportedError: 'This device cannot make such a passkey. Use a security key, or another device.',
  InvalidStateError:
    'This device holds a passkey of this person already. Use another device or security key.',
  ConstraintError: 'This device does not ask for a PIN or a fingerprint. Set one up, or use another device.',
};
