/** 64-bit values without an object each: five millions take 67 MB. (Two records of five millions share one by chance once in a million.) */
export class IdSet {
  private slots = new Uint32Array(2 * 1024);
  private size = 0;

  /** False where it was there already. */
  add(high: number, low: number): boolean {
    if (3 * this.size > this.slots.length) this.grow();
    // 0, 0 marks an empty slot.
    const added = this.put(high, high === 0 && low === 0 ? 1 : low);
    if (added) this.size++;
    return added;
  }

  private put(high: number, low: number): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let at = (2 * low) & mask; ; at = (at + 2) & mask) {
      if (slots[at] === 0 && slots[at + 1] === 0) {
        slots[at] = high;
        slots[at + 1] = low;
        return true;
      }
      if (slots[at] === high && slots[at + 1] === low) return false;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2)
      if (old[at] !== 0 || old[at + 1] !== 0) this.put(old[at]!, old[at + 1]!);
  }
}
