/** A rule of the protocol: what it is about, and what it says with its numbers. */
export type Term = readonly [about: string, words: string];

/** Stands for what is still to be given. */
export const GAP = '…';

/** Of an optional member: what it says, where it is there. */
export function said<T>(value: T | undefined, words: (value: T) => string): string[] {
  return value === undefined ? [] : [words(value)];
}
