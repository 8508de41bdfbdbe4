import type { JSX } from 'preact';
import type { Point } from '../../exports/figures/drawing.js';

/**
 * A curve without axes, beside its last value in a table. Only its shape says something, so it has no name of its own.
 * A page holds hundreds: it is drawn in whole units and relative steps.
 */
export function Spark({
  width,
  height,
  children,
}: {
  readonly width: number;
  readonly height: number;
  readonly children: JSX.Element | (JSX.Element | false)[];
}): JSX.Element {
  return <svg viewBox={`0 0 ${width} ${height}`}>{children}</svg>;
}

/** `M0 12l5-3 5 2`: the points, rounded to whole units, as relative steps. */
export function pathOf(points: readonly Point[]): string {
  let [beforeX, beforeY] = [0, 0];
  let path = '';
  for (const [index, point] of points.entries()) {
    const [x, y] = [Math.round(point[0]), Math.round(point[1])];
    const [dx, dy] = [x - beforeX, y - beforeY];
    if (index === 0) path = `M${x} ${y}`;
    else path += `${index === 1 ? 'l' : dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
    [beforeX, beforeY] = [x, y];
  }
  // A single point is a dot: a line of no length with round ends.
  return points.length === 1 ? `${path}h0` : path;
}

/** At most so many values: each stands for a stretch of neighbours. */
export function thinned<T>(values: readonly T[], most: number, pick: (stretch: readonly T[]) => T): T[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) =>
    pick(
      values.slice(
        Math.floor((index * values.length) / most),
        Math.floor(((index + 1) * values.length) / most),
      ),
    ),
  );
}
