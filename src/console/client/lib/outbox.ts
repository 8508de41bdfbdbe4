import { Refused, postForm, serverMs, unreachable, type Problem } from './ask-server.js';
import {
  instantHere,
  isOfTheSession,
  isUnanswered,
  lateReason,
  nextToSend,
  pairsOf,
  type KeptEntry,
} from './kept-entry.js';
import { isMerelyLate } from '../../bench/merely-late.js';
import { dropEntry, keepEntry, waitingEntries } from './outbox-store.js';
import { problemInWords } from './form-errors.js';

/** The answer of the interface to a command, as far as pages use it, and where one goes on. */
export interface EntryReceipt {
  readonly records: readonly { readonly number: number }[];
  readonly flags?: readonly string[];
  /** What the flags mean, a sentence each. */
  readonly told?: readonly string[];
  readonly next: string;
  readonly [more: string]: unknown;
}

/** Fields that hold the id of a command; a form that stands for several has `id.57`. */
export const ID = /^id(\.|$)/;

/** Ids of commands that were sent from this page. */
const own = new Set<string>();

export function isOwn(commandId: string): boolean {
  return own.has(commandId);
}

/** Sends a form that records. An answer that names no record is not one of the server. @throws Refused, as `postForm`. */
export async function postEntry(address: string, pairs: URLSearchParams): Promise<EntryReceipt> {
  for (const [name, id] of pairs) if (ID.test(name)) own.add(id);
  const receipt = await postForm<Partial<EntryReceipt> | null>(address, pairs);
  if (!Number.isSafeInteger(receipt?.records?.[0]?.number) || typeof receipt?.next !== 'string')
    throw unreachable();
  return receipt as EntryReceipt;
}

/** Why no more is sent: nothing waits, there is no answer, or somebody has to sign in. */
export type Pause = 'empty' | 'unanswered' | 'locked';

/** What became of an entry that waited: a record, or why it waits no longer. */
export type Outcome = { readonly number: number } | { readonly told: string };

let settled: (entry: KeptEntry, outcome: Outcome) => void = () => undefined;

export function onSettled(act: typeof settled): void {
  settled = act;
}

const LOCK = 'study-ledger-outbox';

/**
 * Sends what waits of a person, in its order, until something cannot be sent. One page of this browser sends at a time.
 * Browsers lock on https and on localhost only; elsewhere the ids of the commands alone make sure that each is recorded once.
 */
export function sendWaiting(person: string): Promise<Pause> {
  const send = async (): Promise<Pause> => {
    for (;;) {
      const entry = nextToSend(await waitingEntries(), person);
      if (!entry) return 'empty';
      const pause = await sendOne(entry);
      if (pause) return pause;
    }
  };
  return 'locks' in navigator ? navigator.locks.request(LOCK, send) : send();
}

async function sendOne(entry: KeptEntry): Promise<Pause | undefined> {
  try {
    const { records } = await postKept(entry);
    await dropEntry(entry.id);
    settled(entry, { number: records[0]!.number });
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { problem } = error;
    if (isUnanswered(problem)) return 'unanswered';
    if (isOfTheSession(problem)) return 'locked';
    await refuse(entry, problem);
    return undefined;
  }
}

/** It lacks the reason, or was recorded with the one that the outbox gives and its answer was lost. */
const UNEXPLAINED: ReadonlySet<string> = new Set(['reason-required', 'command-id-reused']);

/** Where a reason is due for lateness alone, the outbox gives it. */
async function postKept(entry: KeptEntry): Promise<EntryReceipt> {
  const { address } = entry;
  try {
    return await postEntry(address, pairsOf(entry));
  } catch (error) {
    if (!(error instanceof Refused) || !UNEXPLAINED.has(error.problem.code) || entry.discarded) throw error;
    const pairs = pairsOf(entry, lateReason(entry));
    const asked = new URLSearchParams(pairs);
    asked.set('dryRun', 'true');
    const { flags } = await postForm<{ readonly flags?: readonly string[] }>(address, asked);
    if (!isMerelyLate(flags ?? [])) throw error;
    return postEntry(address, pairs);
  }
}

/** An entry that was recorded after all is not given up, and waits no longer. */
async function refuse({ discarded, ...entry }: KeptEntry, problem: Problem): Promise<void> {
  const { code, detail } = problem;
  if (discarded && code === 'entry-recorded') {
    await dropEntry(entry.id);
    settled(entry, { told: detail });
  } else await keepEntry({ ...entry, refused: problemInWords(problem) });
}

/** Gives an entry up. That is recorded too, and may have to wait. */
export async function discard(kept: KeptEntry, because: string): Promise<void> {
  const { refused: _, ...entry } = kept;
  await keepEntry({ ...entry, discarded: { because, at: instantHere(serverMs()) } });
}
