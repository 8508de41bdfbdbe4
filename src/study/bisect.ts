/** How many items come before the first that does not pass, by bisection: no later one may pass. */
export function countPassing<T>(
  items: readonly T[],
  passes: (item: T) => boolean,
  length = items.length,
): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
