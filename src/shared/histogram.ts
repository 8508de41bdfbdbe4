/** From the fastest sync of a disk to the patience of a client, in seconds. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often something took how long, in seconds. */
export class Histogram {
  readonly bounds: readonly number[] = SECONDS;
  /** How many took at most as long as the bound at the same place, and longer than the one before it. */
  readonly counts: number[] = SECONDS.map(() => 0);
  count = 0;
  sum = 0;

  add(seconds: number): void {
    this.count++;
    this.sum += seconds;
    const place = this.bounds.findIndex((bound) => seconds <= bound);
    if (place >= 0) this.counts[place]!++;
  }

  /** Adds the time that has passed since an instant of `performance.now()`. */
  addSince(startMs: number): void {
    this.add((performance.now() - startMs) / 1000);
  }
}
