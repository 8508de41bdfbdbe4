import { randomBytes } from 'node:crypto';
import { KeyRing, SEED_BYTES } from './key-ring.js';
import { MemorySignedHeads, type SignedHeadStore } from './signed-head-store.js';
import { DEMO_SEED } from './seed.js';

/** What a ledger has beside its records: keys, signed heads, and what it published. None of it can be derived from the records. */
export interface Custody {
  /** The published keys of the demo for a simulated ledger; undefined where nothing can be signed. */
  ring(simulated: boolean): KeyRing | undefined;
  readonly heads: SignedHeadStore;
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
    published: () => undefined,
  };
}

/** For reading: nothing is signed. */
export function readingCustody(heads: SignedHeadStore): Custody {
  return { ring: () => undefined, heads, published: () => undefined };
}
