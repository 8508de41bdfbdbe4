import type { JSX } from 'preact';
import type { WeighingLimits } from '../../study/welfare/weigh.js';
import type { Point } from '../../exports/figures/drawing.js';
import { Spark, pathOf, thinned } from '../parts/spark.js';

const [WIDTH, HEIGHT, EDGE, MOST] = [120, 32, 3, 40];

/** The weights of one animal as a small curve, with the line of the endpoint that comes first, where there is one. */
export function WeightSpark({
  grams,
  limits: { heaviest, endpoints },
}: {
  readonly grams: readonly number[];
  readonly limits: WeighingLimits;
}): JSX.Element | null {
  if (grams.length === 0 || heaviest === null) return null;
  const loss =
    endpoints.length === 0 ? undefined : Math.min(...endpoints.map(({ lossPercent }) => lossPercent));
  const line = loss === undefined ? undefined : heaviest * (1 - loss / 100);
  const low = Math.min(...grams, line ?? Infinity);
  const span = Math.max(...grams) - low || 1;
  const y = (value: number): number => HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE);
  const drawn = thinned(grams, MOST, (stretch) => Math.min(...stretch));
  const step = (WIDTH - 2 * EDGE) / drawn.length;
  const points = drawn.map((value, index): Point => [EDGE + (index + 0.5) * step, y(value)]);
  return (
    <Spark width={WIDTH} height={HEIGHT}>
      {line !== undefined && <path class="limit" d={`M0 ${Math.round(y(line))}h${WIDTH}`} />}
      <path d={pathOf(points)} />
    </Spark>
  );
}
