import { bytesToHash, putHash, type Hash } from './encoding.js';

const PER_CHUNK = 256;

/**
 * A growing list of hashes in plain bytes: 32 bytes each instead of about 56 as strings, and nothing in it for a
 * garbage collector to walk. Chunks are never copied or moved.
 */
export class HashColumn {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(hash: Hash): void {
    const slot = this.#length % PER_CHUNK;
    if (slot === 0) this.#chunks.push(new Uint8Array(32 * PER_CHUNK));
    putHash(this.#chunks[this.#chunks.length - 1]!, 32 * slot, hash);
    this.#length++;
  }

  /** The caller knows that `index` is below `length`. */
  at(index: number): Hash {
    const slot = index % PER_CHUNK;
    return bytesToHash(this.#chunks[(index - slot) / PER_CHUNK]!.subarray(32 * slot, 32 * slot + 32));
  }
}
