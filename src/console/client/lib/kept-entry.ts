import { localInstant } from '../../../study/instant.js';
import { clockOf, dateInWords, offsetOf } from '../../words/dates.js';
import type { Problem } from './ask-server.js';

/** An entry that the server has not recorded, as far as this device knows. */
export interface KeptEntry {
  /** That of the command: the same for every try, so that it is recorded once. */
  readonly id: string;
  /** Who made it; empty where nobody was signed in. */
  readonly person: string;
  /** Path and query of the page. */
  readonly address: string;
  /** As the form said it, `application/x-www-form-urlencoded`. */
  readonly pairs: string;
  readonly label: string;
  /** An instant on the clock of the server, with the offset of this device. */
  readonly enteredAt: string;
  /** The page that sends it from its form: for as long as that is open, no other does. */
  readonly sentBy?: string;
  /** Why it was refused: it waits for its person. */
  readonly refused?: string;
  /** It is given up, and that is what is sent. */
  readonly discarded?: { readonly because: string; readonly at: string };
}

/** No answer, or one that says that nothing was recorded or that it is not known. */
const UNANSWERED: ReadonlySet<number> = new Set([0, 502, 503, 504, 507]);

export function isUnanswered({ status }: Pick<Problem, 'status'>): boolean {
  return UNANSWERED.has(status);
}

/** What is wrong is who is signed in, and not the entry. */
const OF_THE_SESSION: ReadonlySet<string> = new Set(['session-expired', 'sign-in-required', 'person-other']);

export function isOfTheSession({ code }: Pick<Problem, 'code'>): boolean {
  return OF_THE_SESSION.has(code);
}

/** An instant, ms, as a clock on the wall of this device shows it. */
export function instantHere(ms: number): string {
  return localInstant(ms, -new Date(ms).getTimezoneOffset());
}

/** What is sent of an entry that was kept; `lateBecause` where a reason is due that nobody gave. */
export function pairsOf(
  { pairs, person, enteredAt, discarded }: KeptEntry,
  lateBecause?: string,
): URLSearchParams {
  const sent = new URLSearchParams(pairs);
  sent.set('person', person);
  sent.set('enteredAt', enteredAt);
  if (lateBecause !== undefined) sent.set('lateBecause', lateBecause);
  if (discarded) {
    sent.set('discard', discarded.because);
    sent.set('discardedAt', discarded.at);
  }
  return sent;
}

/** The reason of an entry that is late because there was no connection. */
export function lateReason({ enteredAt }: Pick<KeptEntry, 'enteredAt'>): string {
  return `Entered at ${clockOf(enteredAt)} on ${dateInWords(enteredAt)} (${offsetOf(enteredAt)}) while there was no connection`;
}

/** An entry in the place of the one with its id, or behind all others. */
export function withEntry(entries: readonly KeptEntry[], entry: KeptEntry): KeptEntry[] {
  const place = entries.findIndex(({ id }) => id === entry.id);
  return place < 0 ? [...entries, entry] : entries.with(place, entry);
}

/** What is sent next for a person: the first that was not refused. */
export function nextToSend(entries: readonly KeptEntry[], person: string): KeptEntry | undefined {
  return entries.find((entry) => entry.person === person && entry.refused === undefined);
}

/** How many entries of whom else wait: `3 entries of tech-1 wait`. */
export function othersWait(entries: readonly KeptEntry[], person: string): string[] {
  const counts = new Map<string, number>();
  for (const entry of entries)
    if (entry.person !== person) counts.set(entry.person, (counts.get(entry.person) ?? 0) + 1);
  return [...counts].map(([other, count]) => {
    const whose = other === '' ? 'that nobody signed in for' : `of ${other}`;
    return count === 1 ? `1 entry ${whose} waits` : `${count} entries ${whose} wait`;
  });
}
