import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../study/steps.js';

/** The longest that a computation keeps the thread that also records, in ms. */
const TURN_MS = 2;

/** Takes all steps, and lets whoever else waits go first after each turn. */
export async function takeInTurns<A>(steps: Steps<A>): Promise<A> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < TURN_MS) continue;
    await setImmediate();
    began = performance.now();
  }
}
