import { setTimeout } from 'node:timers/promises';

/** Waits for as long as it takes: how long that is says nothing on a busy machine. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(5);
}
