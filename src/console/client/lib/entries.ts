import { postForm } from './ask-server.js';
import { signedInFor } from './unlock.js';

/** What a form says, and where it is sent. */
export interface Entry {
  readonly address: string;
  /** With `id`, the command’s, so that it is recorded once however often it is sent. */
  readonly pairs: URLSearchParams;
  /** What it is, for a list of what waits: “Body weight, R14”. */
  readonly label: string;
}

/** The answer of the interface to a command, as far as pages use it, and where one goes on. */
export interface EntryReceipt {
  readonly records: readonly { readonly number: number }[];
  readonly flags?: readonly string[];
  readonly next: string;
  readonly [more: string]: unknown;
}

export type SentEntry =
  { readonly kind: 'recorded'; readonly receipt: EntryReceipt } | { readonly kind: 'kept' };

/** Sends an entry. @throws Refused. */
export async function sendEntry({ address, pairs }: Entry): Promise<SentEntry> {
  const receipt = await signedInFor(() => postForm<EntryReceipt>(address, pairs));
  return { kind: 'recorded', receipt };
}

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
