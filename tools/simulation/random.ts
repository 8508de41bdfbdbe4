/**
 * A small seeded generator (mulberry32). It and everything drawn from it use only exact arithmetic, so that every
 * machine and every engine version draws the same study.
 */
export class Random {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed | 0;
  }

  /** A generator of its own for one purpose: what else is drawn, and how much, does not change it. */
  branch(name: string): Random {
    let hash = this.seed ^ 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    return new Random(hash ^ (hash >>> 15));
  }

  /** Even over 0 … 2³² − 1. */
  integer(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  between(low: number, high: number): number {
    return low + (high - low) * (this.integer() / 0x1_0000_0000);
  }

  chance(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  /** Sum of twelve even draws: near enough to normal for a simulation, and without a logarithm or a cosine. */
  normal(mean: number, deviation: number): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.between(0, 1);
    return mean + deviation * sum;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const all = [...items];
    for (let last = all.length - 1; last > 0; last--) {
      const other = Math.floor(this.between(0, last + 1));
      [all[last], all[other]] = [all[other] as T, all[last] as T];
    }
    return all;
  }

  /** Shaped like a UUID version 4. */
  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.integer().toString(16).padStart(8, '0')).join('');
    const variant = '89ab'[parseInt(hex.charAt(16), 16) & 3];
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }
}
