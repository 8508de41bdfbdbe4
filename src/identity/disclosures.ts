import { createHmac, randomBytes } from 'node:crypto';
import { sha256 } from '../shared/sha256.js';
import { canonical } from '../tlog/canonical.js';
import {
  SALT_BYTES,
  digestOf,
  makeDisclosure,
  opens,
  readDisclosure,
  type Commitment,
} from '../tlog/commitment.js';
import type { DisclosureStore } from './disclosure-store.js';
import { simulatedBytes } from './simulated.js';

/** Whether a repeated command names what its record commits to; unknown where that was erased or is not here. */
export type Agreement = 'same' | 'differs' | 'unknown';

/**
 * Commits records to names and other values that can be erased, and opens the commitments.
 *
 * A command is committed once, before it is decided, and decided with the commitment in the place of the value: so neither
 * its record nor its `commanddigest` says anything about the value, which could be guessed from a digest without a salt.
 */
export class Disclosures {
  constructor(
    private readonly store: DisclosureStore,
    /** A simulated ledger is the same wherever it is played: its salts follow from the published seed. */
    private readonly isSimulated: () => boolean,
  ) {}

  /**
   * Durable once it returns, so before the record that holds the commitment is appended.
   * @param field tells apart the values of one command
   * @throws ProfileError for a value that no record may hold.
   */
  commit(commandId: string, field: string, value: unknown): Commitment {
    const salt = this.isSimulated()
      ? simulatedBytes(`salt\n${commandId}\n${field}`)
      : randomBytes(SALT_BYTES);
    const disclosure = makeDisclosure(salt, value);
    const digest = digestOf(sha256, disclosure);
    this.store.keep(digest, disclosure);
    return { '...': digest };
  }

  /** The value; undefined where it was erased, or its disclosure is not here or does not open the commitment. */
  open({ '...': digest }: Commitment): unknown {
    const disclosure = this.store.find(digest);
    if (disclosure === undefined || !opens(sha256, digest, disclosure)) return undefined;
    return readDisclosure(disclosure).value;
  }

  /** For a command whose id was recorded before: whether it asks for the same again. */
  agrees(commitment: Commitment, value: unknown): Agreement {
    const known = this.open(commitment);
    if (known === undefined) return 'unknown';
    return canonical(known) === canonical(value) ? 'same' : 'differs';
  }

  /** Carries out an erasure that is recorded (FieldRedacted). Repeating it does nothing. */
  erase(digest: string): void {
    this.store.erase(digest);
  }

  /**
   * How a record names an account of an OpenID Connect provider: HMAC-SHA-256 of the canonical JSON of [issuer, subject], in
   * hex. Whoever has the key can try accounts; without it the records say nothing about them.
   */
  subjectDigest(issuer: string, subject: string): string {
    const key = this.isSimulated() ? simulatedBytes('subject-key') : this.store.subjectKey();
    return createHmac('sha256', key)
      .update(canonical([issuer, subject]))
      .digest('hex');
  }
}
