import type { Static } from 'typebox';
import { Type } from '../study/schema-types.js';
import type { RecordAttributes } from '../study/record.js';
import { RecordNumber, closed, described } from '../study/schema.js';

const SessionId = described('the command id of a SignedIn', {
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
});

export const SESSION_EVENTS = {
  /** Its command id is the session's, and derives from the nonce of the challenge. */
  SignedIn: closed({
    method: Type.Enum(['passkey', 'oidc', 'simulated']),
    /** Lab record of the passkey that was used, with the counter that it gave. */
    credential: Type.Optional(RecordNumber),
    counter: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    /** Lab record of the IdentityLinked. */
    identity: Type.Optional(RecordNumber),
    /** Of the lab that it was judged by. */
    labsize: RecordNumber,
  }),
  /** `replaced`: the same browser signed in anew. */
  SignedOut: closed({ session: SessionId, cause: Type.Enum(['person', 'replaced']) }),
} as const;

export type SessionEvents = { [T in keyof typeof SESSION_EVENTS]: Static<(typeof SESSION_EVENTS)[T]> };

/** What somebody proved at a sign-in. Numbers are those of lab records. */
export type Proof =
  | { readonly method: 'passkey'; readonly credential: number; readonly counter: number }
  | { readonly method: 'oidc'; readonly identity: number }
  | { readonly method: 'simulated' };

export const LONGEST_SESSION_MS = 12 * 3_600_000;

/** A session as the access log has it. */
export interface OpenSession {
  readonly person: string;
  readonly method: SessionEvents['SignedIn']['method'];
  readonly credential?: number | undefined;
  readonly identity?: number | undefined;
  readonly signedInMs: number;
}

export interface Sessions {
  /** By the command id of SignedIn: those that nobody ended, of the last 12 hours. */
  readonly open: ReadonlyMap<string, OpenSession>;
  /** The highest counter that each credential gave, by its lab record. */
  readonly counters: ReadonlyMap<number, number>;
}

export const EMPTY_SESSIONS: Sessions = { open: new Map(), counters: new Map() };

export function foldSession(
  sessions: Sessions,
  { type, data, actor, commandid }: RecordAttributes & { readonly type: string; readonly data: object },
  recordedMs: number,
): Sessions {
  if (type === 'SignedIn') {
    const { method, credential, counter, identity } = data as SessionEvents['SignedIn'];
    const open = new Map(
      [...sessions.open].filter(([, { signedInMs }]) => signedInMs + LONGEST_SESSION_MS > recordedMs),
    );
    open.set(commandid, { person: actor, method, credential, identity, signedInMs: recordedMs });
    if (credential === undefined || counter === undefined) return { ...sessions, open };
    const highest = Math.max(counter, sessions.counters.get(credential) ?? 0);
    return { open, counters: new Map(sessions.counters).set(credential, highest) };
  }
  if (type !== 'SignedOut') return sessions;
  const open = new Map(sessions.open);
  open.delete((data as SessionEvents['SignedOut']).session);
  return { ...sessions, open };
}
