import type { Access, AccessRecord } from '../lab/access.js';
import type { Lab } from '../lab/lab.js';
import { identify } from '../lab/people/authority.js';
import type { Proof, SessionEvents } from '../lab/sessions.js';
import { refuseAssertion } from '../identity/passkey.js';
import type { Authentication } from '../study/commands/common/command.js';
import { utcInstant } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import { isCounterAbove } from '../webauthn/assertion.js';
import { sealForAccess } from './access-records.js';
import { recordedTime, type RecordClock } from './record-clock.js';
import { commandDigest } from './seal.js';
import type { Proposal } from './write-plan.js';

export interface SignIn {
  readonly person: string;
  readonly proof: Proof;
  /** Derives from the nonce of the challenge, so that an answer to it counts once. It names the session. */
  readonly id: string;
  /** The session that the same browser had before. */
  readonly replaces?: string | undefined;
}

/** A session. Sent again it is refused, and not answered: the first answer was somebody’s cookie. */
export function proposeSignIn(
  { person, proof, id, replaces }: SignIn,
  labNow: () => Lab,
  now: RecordClock,
): Proposal<Access, AccessRecord> {
  return {
    command: 'SignIn',
    commandId: id,
    study: '',
    decide(access, size) {
      const nowMs = now(access.recordedMs);
      const lab = labNow();
      const by = authenticationOf(proof, nowMs);
      const found = identify(lab, { actor: person, role: '', by }, nowMs);
      if (found instanceof Refusal) return found;
      if (proof.method === 'passkey') {
        const highest = access.sessions.counters.get(proof.credential);
        if (!isCounterAbove(proof.counter, highest)) return refuseAssertion();
      }
      const times = { time: utcInstant(nowMs), recordedtime: recordedTime(nowMs, access.recordedMs) };
      const data: SessionEvents['SignedIn'] = { ...proof, labsize: lab.size };
      const who = {
        actor: person,
        actorrole: 'self',
        command: 'SignIn',
        commandid: id,
        commanddigest: commandDigest(person, 'SignIn', data, ''),
      };
      const began = sealForAccess(who, { type: 'SignedIn', data, ...times }, { number: size });
      if (replaces === undefined || !access.sessions.open.has(replaces)) return [began];
      const ended = { session: replaces, cause: 'replaced' };
      return [
        began,
        sealForAccess(who, { type: 'SignedOut', data: ended, ...times }, { number: size + 1, index: 1 }),
      ];
    },
    isSame: () => refuse('challenge-spent', 'This sign-in was completed already: begin again.'),
  };
}

/** The end of a session by the person. One that has ended is left as it is. */
export function proposeSignOut(
  session: string,
  id: string,
  now: RecordClock,
): Proposal<Access, AccessRecord> {
  return {
    command: 'SignOut',
    commandId: id,
    study: '',
    decide({ sessions, recordedMs }, size) {
      const open = sessions.open.get(session);
      if (!open) return [];
      const nowMs = now(recordedMs);
      const data: SessionEvents['SignedOut'] = { session, cause: 'person' };
      const who = {
        actor: open.person,
        actorrole: 'self',
        session,
        command: 'SignOut',
        commandid: id,
        commanddigest: commandDigest(open.person, 'SignOut', data, ''),
      };
      const times = { time: utcInstant(nowMs), recordedtime: recordedTime(nowMs, recordedMs) };
      return [sealForAccess(who, { type: 'SignedOut', data, ...times }, { number: size })];
    },
    isSame: () => undefined,
  };
}

function authenticationOf(proof: Proof, signedInMs: number): Authentication {
  switch (proof.method) {
    case 'passkey':
      return { method: 'passkey', credential: proof.credential, signedInMs };
    case 'oidc':
      return { method: 'oidc', identity: proof.identity, signedInMs };
    case 'simulated':
      return { method: 'simulated', signedInMs };
  }
}
