/** Words of 32 bits in one id. */
export const ID_WORDS = 4;

/** The 128 bits of a UUID. */
export function putId(words: Uint32Array, at: number, uuid: string): void {
  words[at] = hex(uuid, 0, 8);
  words[at + 1] = hex(uuid, 9, 13) * 0x1_0000 + hex(uuid, 14, 18);
  words[at + 2] = hex(uuid, 19, 23) * 0x1_0000 + hex(uuid, 24, 28);
  words[at + 3] = hex(uuid, 28, 36);
}

function hex(text: string, start: number, end: number): number {
  return Number.parseInt(text.slice(start, end), 16);
}

/**
 * An exact set of UUIDs without an object for each: a hash table with open addressing, 16 bytes a slot, at most two
 * thirds of the slots taken. Five million ids take 134 MB.
 */
export class IdSet {
  private slots = new Uint32Array(ID_WORDS * 1024);
  private size = 0;

  /**
   * Adds the id that stands at a place of a list. False where it was there already. Four zeros are no id (no UUID of
   * version 5 looks so) and are never there.
   */
  add(ids: Uint32Array, at: number): boolean {
    if (isEmpty(ids, at)) return true;
    if (3 * ID_WORDS * this.size >= 2 * this.slots.length) this.grow();
    const added = this.put(ids, at);
    if (added) this.size++;
    return added;
  }

  private put(ids: Uint32Array, at: number): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    // The last word of a UUID is as random as any.
    for (let slot = (ID_WORDS * ids[at + 3]!) & mask; ; slot = (slot + ID_WORDS) & mask) {
      if (isEmpty(slots, slot)) {
        for (let i = 0; i < ID_WORDS; i++) slots[slot + i] = ids[at + i]!;
        return true;
      }
      if (isSame(slots, slot, ids, at)) return false;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += ID_WORDS) if (!isEmpty(old, at)) this.put(old, at);
  }
}

function isEmpty(words: Uint32Array, at: number): boolean {
  return (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) === 0;
}

function isSame(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i] === b[j] && a[i + 1] === b[j + 1] && a[i + 2] === b[j + 2] && a[i + 3] === b[j + 3];
}
