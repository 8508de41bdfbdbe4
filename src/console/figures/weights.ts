import type { WeightPoint } from '../../study/welfare/weights.js';
import {
  BLUE,
  GREY,
  INK,
  PALE,
  label,
  line,
  type Drawing,
  type Mark,
  type Point,
} from '../../exports/figures/drawing.js';

const [WIDTH, HEIGHT] = [520, 120];
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 6, 18, 98];

/** The weights of one animal against the heaviest until then. */
export function drawWeights(subject: string, weights: readonly WeightPoint[]): Drawing {
  const grams = weights.map((point) => point.grams);
  const [low, high] = roundedRange(Math.min(...grams), Math.max(...grams));
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, weights.length - 1);
  const x = (index: number): number => LEFT + index * step;
  const y = (value: number): number => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);
  let heaviest = 0;
  const heaviestLine: Point[] = weights.map((point, index) => {
    heaviest = Math.max(heaviest, point.grams);
    return [x(index), y(heaviest)];
  });
  const marks: Mark[] = [
    ...[low, (low + high) / 2, high].flatMap((value) => [
      line([LEFT, y(value)], [WIDTH - RIGHT, y(value)], { stroke: PALE, lineWidth: 0.5 }),
      label([LEFT - 5, y(value) + 2.8], String(value), { anchor: 'end' }),
    ]),
    { kind: 'path', points: heaviestLine, stroke: BLUE, lineWidth: 0.8, dash: [2, 2] },
    { kind: 'path', points: weights.map((point, index) => [x(index), y(point.grams)] as const), stroke: INK },
    ...weights.map((point, index): Mark => ({
      kind: 'circle',
      at: [x(index), y(point.grams)],
      r: 2.2,
      fill: INK,
      to: point.record,
    })),
    label([LEFT - 5, 9], 'g', { anchor: 'end', size: 7.5, fill: GREY }),
    ...[0, weights.length - 1].map((index): Mark =>
      label([x(index), BOTTOM + 12], weights[index]!.occurredAt.slice(0, 10), {
        size: 7,
        anchor: index === 0 ? 'start' : 'end',
        fill: GREY,
      }),
    ),
  ];
  return { width: WIDTH, height: HEIGHT, title: `Animal ${subject}: body weight in grams`, marks };
}

/** Outward to multiples of 20 g, so that neighbouring animals have comparable axes. */
function roundedRange(low: number, high: number): [number, number] {
  const from = Math.floor((low - 5) / 20) * 20;
  return [from, Math.max(from + 20, Math.ceil((high + 5) / 20) * 20)];
}
