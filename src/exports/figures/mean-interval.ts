/**
 * The arithmetic mean, and half the width of its 95 % interval: t(0.975, n − 1) · s / √n, where s is the standard deviation
 * with n − 1 (IUPAC, Pure and Applied Chemistry 1994, 66, 595, “confidence limits about the mean”). Below two values there
 * is no s, and so no interval.
 */
export function meanInterval(values: readonly number[]): { mean: number; half: number | null } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, half: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, half: (t975(n - 1) * Math.sqrt(squares / (n - 1))) / Math.sqrt(n) };
}

const known = new Map<number, number>();

/** The 97.5 % point of Student’s t distribution: between −t and t lies 95 % of it. */
export function t975(degreesOfFreedom: number): number {
  const found = known.get(degreesOfFreedom);
  if (found !== undefined) return found;
  // By halves: the share grows with t, and t is largest for one degree of freedom.
  let [low, high] = [0, 13];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, degreesOfFreedom) < 0.95) low = middle;
    else high = middle;
  }
  known.set(degreesOfFreedom, high);
  return high;
}

/**
 * The share of Student’s t distribution between −t and t, for whole degrees of freedom: Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
 */
function shareWithin(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degreesOfFreedom % 2 === 1;
  let [term, sum] = isOdd ? [cosine, degreesOfFreedom === 1 ? 0 : cosine] : [1, 1];
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2)
    sum += term *= ((power - 1) / power) * cosine ** 2;
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
