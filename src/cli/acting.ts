import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { secretDigest } from '../identity/secret.js';
import { identify } from '../lab/people/authority.js';
import type { Engine } from '../recording/engine.js';
import { isSecretMount } from '../signing/seed.js';
import { DEVELOPMENT_IDENTITY } from '../shared/development-identity.js';
import type { Submission } from '../study/commands/common/command.js';
import { Refusal } from '../study/refusal.js';
import { Failure } from './output/failure.js';

/** Who a command line acts for. */
export type Acting = Pick<Submission, 'actor' | 'role' | 'session' | 'by'>;

/**
 * The person of a token; in a simulated ledger the one who is claimed, since nobody signs in there.
 * @throws Failure where a ledger takes neither.
 */
export async function actingBy(engine: Engine, token: string | undefined, claimed?: string): Promise<Acting> {
  const { simulated, people } = await engine.lab();
  if (token !== undefined) return byToken(engine, token);
  if (people.begunAt === undefined) {
    if (simulated) return DEVELOPMENT_IDENTITY;
    throw new Failure(
      'Nobody is registered in this ledger yet, so nothing can be recorded.',
      'Run study-ledger people begin, enrol a passkey by the link that it prints, and register the others.',
      'no-administrator',
    );
  }
  if (simulated && claimed !== undefined) return { actor: claimed, role: '' };
  throw new Failure(
    'This ledger has people, and a program acts for one of them.',
    simulated
      ? 'Name somebody who is registered here.'
      : 'Make a token on the page “Me”, keep it in a file that only you can read, and name it with --token-file.',
    'sign-in-required',
  );
}

function byToken(engine: Engine, token: string): Acting {
  const { people } = engine.labNow;
  const number = people.tokens.get(secretDigest(token) ?? '');
  const acting: Acting = {
    actor: people.holders.get(number ?? -1) ?? '',
    role: '',
    session: `token-${number}`,
    by: { method: 'token', token: number ?? -1, signedInMs: 0 },
  };
  const person = identify(engine.labNow, acting, engine.clock());
  if (number !== undefined && person && !(person instanceof Refusal)) return acting;
  throw new Failure(
    'The token is wrong, was revoked or has ended.',
    'Its person makes a new one on the page “Me”.',
    'token-invalid',
  );
}

const MOST_BYTES = 256;

/**
 * A token is read from a file alone: arguments and environment of a process are seen by others.
 * @throws Failure where others may read or change the file.
 */
export function readTokenFile(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & 0o077) !== 0 && !isSecretMount(path))
      throw new Failure(
        `The token in ${path} can be read or changed by others.`,
        `Run chmod 600 ${path}, and revoke the token if others could read it.`,
        'token-exposed',
      );
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes)).trim();
  } finally {
    closeSync(descriptor);
  }
}
