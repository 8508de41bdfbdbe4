import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 200;

/**
 * Looks all the time whether any node says that it leads. A paused one says nothing: how long the callers were without an
 * answer can be held against how long the cluster itself had nobody to give one.
 */
export class Leaders {
  #running = true;
  #without = [];
  #watching;

  /** `ask`: what each node says that it is, undefined where it does not answer. */
  constructor(ask) {
    this.#watching = this.#watch(ask);
  }

  async stop() {
    this.#running = false;
    await this.#watching;
  }

  /** The longest time without a leader since a moment, in seconds. */
  longestWithoutSince(then) {
    const lengths = this.#without.map(({ from, to }) => to - Math.max(from, then));
    return Math.max(0, ...lengths) / 1000;
  }

  async #watch(ask) {
    let current;
    while (this.#running) {
      const at = performance.now();
      const states = await ask();
      if (states.includes('leader')) current = undefined;
      else if (current) current.to = performance.now();
      else this.#without.push((current = { from: at, to: performance.now() }));
      await pause(EVERY_MS);
    }
  }
}
