import { randomBytes } from 'node:crypto';
import { Attachments } from '../store/attachments.js';
import { MemoryDisclosures, type DisclosureStore } from '../identity/disclosure-store.js';
import { KeyRing, SEED_BYTES } from './key-ring.js';
import { MemorySignedHeads, type SignedHeadStore } from './signed-head-store.js';
import { DEMO_SEED } from './seed.js';

/** What a ledger has beside its records, and cannot derive from them: keys, signed heads, disclosures, files, and what it published. */
export interface Custody {
  /** The published keys of the demo for a simulated ledger; undefined where nothing can be signed. */
  ring(simulated: boolean): KeyRing | undefined;
  readonly heads: SignedHeadStore;
  readonly disclosures: DisclosureStore;
  readonly attachments: Attachments;
  /** The note of the newest lab checkpoint that was published, where one can be read. */
  published(isOwn: (note: string) => boolean): string | undefined;
}

let demo: KeyRing | undefined;

/** The keys of every simulated ledger. */
export function demoRing(): KeyRing {
  return (demo ??= new KeyRing(DEMO_SEED));
}

/** Keys and signed heads that end with the process, as its records in memory do. */
export function passingCustody(): Custody {
  let ring: KeyRing | undefined;
  return {
    ring: (simulated) => (simulated ? demoRing() : (ring ??= new KeyRing(randomBytes(SEED_BYTES)))),
    heads: new MemorySignedHeads(),
    disclosures: new MemoryDisclosures(),
    attachments: Attachments.passing(),
    published: () => undefined,
  };
}

/** For reading: nothing is signed. */
export function readingCustody({
  heads,
  disclosures,
  attachments,
}: Pick<Custody, 'heads' | 'disclosures' | 'attachments'>): Custody {
  return { ring: () => undefined, heads, disclosures, attachments, published: () => undefined };
}
