import { setTimeout } from 'node:timers/promises';

/** How long to go on trying. */
export interface Patience {
  /** Between the first attempt and the second; doubled after each one up to `longestPauseMs`. */
  readonly pauseMs: number;
  readonly longestPauseMs?: number;
  /** No attempt begins later than this after the first one began. */
  readonly giveUpMs: number;
}

/** Asks until the answer is enough or the time is over. Returns the last answer, whether it is enough or not. */
export async function askUntil<T>(
  ask: (attempt: number) => Promise<T>,
  isEnough: (answer: T) => boolean,
  { pauseMs, longestPauseMs = pauseMs, giveUpMs }: Patience,
): Promise<T> {
  const end = performance.now() + giveUpMs;
  for (let attempt = 0, pause = pauseMs; ; attempt++, pause = Math.min(2 * pause, longestPauseMs)) {
    const answer = await ask(attempt);
    if (isEnough(answer) || performance.now() + pause > end) return answer;
    await setTimeout(pause);
  }
}

/** Attempts until one succeeds, fails in a way that waiting does not help, or the time is over: then its error is thrown. */
export async function retry<T>(
  attempt: (attempt: number) => Promise<T>,
  isPassing: (error: unknown) => boolean,
  patience: Patience,
): Promise<T> {
  const result = await askUntil(
    (number) => attempt(number).then(succeeded, failed),
    (made) => 'value' in made || !isPassing(made.error),
    patience,
  );
  if ('value' in result) return result.value;
  throw result.error;
}

function succeeded<T>(value: T) {
  return { value };
}

function failed(error: unknown) {
  return { error };
}
