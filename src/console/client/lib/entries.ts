import { findAll } from './elements.js';
import { Refused, postForm, serverMs, unreachable } from './ask-server.js';
import { instantHere, isUnanswered, nextToSend, type KeptEntry } from './kept-entry.js';
import { ID, postEntry, sendWaiting, type EntryReceipt } from './outbox.js';
import { dropEntry, keepEntry, keptEntries, nameOfPage, waitingEntries } from './outbox-store.js';
import { personOfPage, signedInFor } from './unlock.js';

/** What a form says, and where it is sent. */
export interface Entry {
  readonly address: string;
  /** With `id`, the command’s, so that it is recorded once however often it is sent. */
  readonly pairs: URLSearchParams;
  /** What it is, for a list of what waits: “Body weight, R14”. */
  readonly label: string;
  /** False where there is no study yet in which it could be discarded. */
  readonly mayWait?: boolean;
}

/** `kept`: it waits on this device, and the form begins anew with another id. */
export type SentEntry =
  { readonly kind: 'recorded'; readonly receipt: EntryReceipt } | { readonly kind: 'kept' };

/** The entry of this page that is under way. */
let underWay: Promise<unknown> = Promise.resolve();

/**
 * Sends an entry once those before it are recorded, refused or kept, so that none overtakes another. Where there is no
 * answer it is kept on this device and sent later.
 * @throws Refused; also where the device keeps nothing.
 */
export function sendEntry({ address, pairs, label, mayWait = true }: Entry): Promise<SentEntry> {
  const { pathname, search } = new URL(address, location.href);
  const person = personOfPage()?.person ?? '';
  const id = idIn(pairs);
  const said = { id, person, address: pathname + search, pairs: pairs.toString(), label };
  const entry = { ...said, enteredAt: instantHere(serverMs()) };
  const ahead = mayWait ? keepAhead(entry) : undefined;
  const sent = underWay.then(async () => sendOrKeep(entry, await ahead, mayWait));
  underWay = sent.catch(() => undefined);
  return sent;
}

/**
 * Keeps an entry before it is sent, so that it is not lost where the page is left or ends before there is an answer.
 * @returns the entry under this id that was refused before, and is sent again from its form
 */
async function keepAhead(entry: KeptEntry): Promise<KeptEntry | undefined> {
  const { id, person } = entry;
  try {
    const refused = (await keptEntries()).find((one) => one.id === id && one.person === person);
    const sentBy = await nameOfPage();
    if (sentBy !== undefined) await keepEntry({ ...entry, sentBy, enteredAt: enteredBy(entry, refused) });
    return refused;
  } catch {
    // A browser that keeps nothing.
    return undefined;
  }
}

/** When it was entered at first; by now at the latest, also where the clock of this device was ahead then. */
function enteredBy({ enteredAt: now }: KeptEntry, refused: KeptEntry | undefined): string {
  return refused && Date.parse(refused.enteredAt) < Date.parse(now) ? refused.enteredAt : now;
}

async function sendOrKeep(
  said: KeptEntry,
  refused: KeptEntry | undefined,
  mayWait: boolean,
): Promise<SentEntry> {
  const { id, person } = said;
  const entry = { ...said, enteredAt: enteredBy(said, refused) };
  if (nextToSend(await waitingOf(person), person)) await sendWaiting(person);
  if (nextToSend(await waitingOf(person), person)) return keep(entry, mayWait);
  const sent = new URLSearchParams(entry.pairs);
  sent.set('person', person);
  if (refused) sent.set('enteredAt', entry.enteredAt);
  try {
    const receipt = await signedInFor(() => postEntry(entry.address, sent));
    await dropEntry(id).catch(() => undefined);
    return { kind: 'recorded', receipt };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (isUnanswered(error.problem)) return keep(entry, mayWait);
    await (refused ? keepEntry(refused) : dropEntry(id)).catch(() => undefined);
    throw error;
  }
}

/** That of the first command. */
function idIn(pairs: URLSearchParams): string {
  return [...pairs].find(([name]) => ID.test(name))?.[1] ?? '';
}

/** What the form says next is another entry. */
export function giveNewIds(form: HTMLFormElement): void {
  for (const field of findAll<HTMLInputElement>('input[type=hidden]', form))
    if (ID.test(field.name)) field.value = crypto.randomUUID();
}

async function waitingOf(person: string): Promise<readonly KeptEntry[]> {
  // A browser that keeps nothing has nothing that waits.
  const all = await waitingEntries().catch((): readonly KeptEntry[] => []);
  return all.filter((entry) => entry.person === person);
}

async function keep(entry: KeptEntry, mayWait: boolean): Promise<SentEntry> {
  if (!mayWait) throw unreachable();
  try {
    await keepEntry(entry);
    return { kind: 'kept' };
  } catch {
    throw new Refused({ status: 0, code: 'not-kept', detail: NOT_KEPT });
  }
}

export const NOT_KEPT =
  'The server does not answer, and this browser keeps no entries (a private window, or its storage is full or denied). Nothing is recorded: leave this page open, and send it again when the server answers.';

/** Asks what an entry would become, and records nothing. @throws Refused. */
export function tryEntry({ address, pairs }: Pick<Entry, 'address' | 'pairs'>): Promise<WouldRecord> {
  const asked = new URLSearchParams(pairs);
  asked.set('dryRun', 'true');
  return postForm<WouldRecord>(address, asked);
}

export interface WouldRecord {
  readonly number: number;
  readonly known: boolean;
  readonly flags: readonly string[];
  /** What the flags mean, a sentence each. */
  readonly told: readonly string[];
  /** Whether a reason is due that was not given. */
  readonly needsReason: boolean;
  readonly [more: string]: unknown;
}
