/**
 * The normal distribution as the likelihood needs it: relative accuracy near 1e-14 over the whole range, where the
 * textbook polynomials stop at an absolute 1e-7.
 */

const SQRT_2PI = Math.sqrt(2 * Math.PI);
const LOG_SQRT_2PI = Math.log(SQRT_2PI);

/** Up to here the series loses at most two digits to cancellation; beyond it the fraction has converged. */
const SEAM = 2;
/** Enough terms where the fraction converges slowest, at the limit of the series. */
const FRACTION_DEPTH = 100;

/** log Φ(x). */
export function logPhi(x: number): number {
  if (x < -SEAM) return Math.log(tailOverDensity(-x)) - LOG_SQRT_2PI - (x * x) / 2;
  return x < 0 ? Math.log(upperTail(-x)) : Math.log1p(-upperTail(x));
}

/** φ(x)/Φ(x), the slope of log Φ. */
export function inverseMillsRatio(x: number): number {
  if (x < -SEAM) return 1 / tailOverDensity(-x);
  return density(x) / (x < 0 ? upperTail(-x) : 1 - upperTail(x));
}

/** 1 − Φ(x) for x ≥ 0. */
function upperTail(x: number): number {
  return x <= SEAM ? 0.5 - density(x) * oddSeries(x) : density(x) * tailOverDensity(x);
}

/** φ(x). The square is split to keep out its rounding error, which the exponential would multiply by x². */
function density(x: number): number {
  if (Math.abs(x) > 39) return 0;
  const coarse = Math.round(x * 16) / 16;
  const rest = (x - coarse) * (x + coarse);
  return (Math.exp(-(coarse * coarse) / 2) * Math.exp(-rest / 2)) / SQRT_2PI;
}

/** x + x³/3 + x⁵/(3·5) + …, which is (Φ(x) − ½)/φ(x) (Abramowitz & Stegun 26.2.11). */
function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

/** Mills ratio (1 − Φ(x))/φ(x) for x > 0 as 1/(x + 1/(x + 2/(x + …))) (Abramowitz & Stegun 26.2.14). */
function tailOverDensity(x: number): number {
  let denominator = x;
  for (let n = FRACTION_DEPTH; n >= 1; n--) denominator = x + n / denominator;
  return 1 / denominator;
}
