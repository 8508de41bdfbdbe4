/** Numbers in an order of their own, asked for the first that exceeds another: a tree of the greatest of each stretch. */
export class FirstAbove {
  private readonly width: number;
  private readonly greatest: number[];

  constructor(values: readonly number[]) {
    this.width = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
    this.greatest = Array.from({ length: 2 * this.width }, () => -Infinity);
    values.forEach((value, index) => (this.greatest[this.width + index] = value));
    for (let node = this.width - 1; node > 0; node--)
      this.greatest[node] = Math.max(this.at(2 * node), this.at(2 * node + 1));
  }

  /** The first index from one on at which the value is above a bound; undefined where there is none. */
  find(from: number, bound: number): number | undefined {
    if (from >= this.width) return undefined;
    let node = this.width + from;
    while (!(this.at(node) > bound)) {
      while (node % 2 === 1) node = (node - 1) / 2;
      if (node === 0) return undefined;
      node++;
    }
    while (node < this.width) node = this.at(2 * node) > bound ? 2 * node : 2 * node + 1;
    return node - this.width;
  }

  private at(node: number): number {
    return this.greatest[node] ?? -Infinity;
  }
}
