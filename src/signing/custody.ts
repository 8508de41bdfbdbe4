import { randomBytes } from 'node:crypto';
import { KeyRing, SEED_BYTES } from './key-ring.js';
import { MemoryMarks, type MarkStore } from './signed-heads.js';
import { DEMO_SEED } from './seed.js';

/** What a ledger has beside its records: keys, marks, and what it published. None of it can be made anew from the records. */
export interface Custody {
  /** A simulated ledger has the published keys of the demo; undefined where nothing can be signed. */
  ring(simulated: boolean): KeyRing | undefined;
  readonly marks: MarkStore;
  /** The note of the newest lab checkpoint that was published, where one can be read. */
  published(isOwn: (note: string) => boolean): string | undefined;
}

let demo: KeyRing | undefined;

/** The keys of every simulated ledger. */
export function demoRing(): KeyRing {
  return (demo ??= new KeyRing(DEMO_SEED));
}

/** Keys and marks that end with the process, as its records in memory do. */
export function passingCustody(): Custody {
  let ring: KeyRing | undefined;
  return {
    ring: (simulated) => (simulated ? demoRing() : (ring ??= new KeyRing(randomBytes(SEED_BYTES)))),
    marks: new MemoryMarks(),
    published: () => undefined,
  };
}

/** For reading: nothing is signed. */
export function readingCustody(marks: MarkStore): Custody {
  return { ring: () => undefined, marks, published: () => undefined };
}
