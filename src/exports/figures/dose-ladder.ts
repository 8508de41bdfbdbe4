import { localDay } from '../../study/instant.js';
import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import { canonicalDose, formatQuantity, type Quantity } from '../../study/quantity.js';
import { BAND, BLUE, GREY, INK, PALE, RED, box, label, line, type Drawing, type Mark } from './drawing.js';

const WIDTH = 520;
const [LEFT, TOP, RUNG] = [46, 8, 18];

/** A dose with its amount as recorded. */
export interface LadderDose extends GivenDose {
  readonly amount: Quantity;
}

/**
 * The doses that one animal was given, in order, on the rungs that the protocol plans. A dose off the rungs gets a rung
 * of its own, marked as such.
 */
export function doseLadder(
  subject: string,
  doses: readonly LadderDose[],
  planned: readonly Quantity[],
  dayZero: number | undefined,
): Drawing {
  const substances = [...new Set(doses.map(({ substance }) => substance))];
  const rungs = rungsOf(doses, planned);
  const left = leftOf(rungs);
  const step = Math.min(56, (WIDTH - left - 12) / Math.max(1, doses.length));
  const x = (index: number): number => left + (index + 0.5) * step;
  const y = (dose: LadderDose): number =>
    TOP + (rungs.findIndex(({ text }) => text === rungOf(dose.amount)) + 0.5) * RUNG;
  const bottom = TOP + rungs.length * RUNG;
  const height = bottom + 48;
  const marks = [
    ...rungs.flatMap((rung, index) => ladderRung(rung, index, left)),
    ...doses.flatMap((dose, index) => drawDose(dose, x(index), y(dose), bottom, dayZero)),
    ...legend(height - 20, height - 7),
  ];
  return {
    width: WIDTH,
    height,
    title: `Animal ${subject}: doses of ${substances.join(', ')} in order`,
    marks,
  };
}

interface Rung {
  readonly text: string;
  readonly isPlanned: boolean;
}

/** Doses off the plan above, then the planned ones; in each the largest first, doses per kg above amounts. */
function rungsOf(doses: readonly LadderDose[], planned: readonly Quantity[]): Rung[] {
  const texts = downwards(planned);
  const others = downwards(doses.map(({ amount }) => amount)).filter((text) => !texts.includes(text));
  return [
    ...others.map((text) => ({ text, isPlanned: false })),
    ...texts.map((text) => ({ text, isPlanned: true })),
  ];
}

function downwards(amounts: readonly Quantity[]): string[] {
  const sorted = amounts
    .map(canonicalDose)
    .sort((a, b) => (a.unit === b.unit ? Number(b.value) - Number(a.value) : a.unit < b.unit ? 1 : -1));
  return [...new Set(sorted.map(formatQuantity))];
}

function rungOf(amount: Quantity): string {
  return formatQuantity(canonicalDose(amount));
}

/** Room for ten letters, and for each one more: a dose whose first digits are cut off is another dose. */
function leftOf(rungs: readonly Rung[]): number {
  const longest = Math.max(0, ...rungs.map((rung) => nameOf(rung).length));
  return LEFT + 5 * Math.max(0, longest - 10);
}

function nameOf({ text, isPlanned }: Rung): string {
  return isPlanned ? text : `${text} *`;
}

function ladderRung(rung: Rung, index: number, left: number): Mark[] {
  const { isPlanned } = rung;
  const y = TOP + (index + 0.5) * RUNG;
  return [
    line([left, y], [WIDTH - 12, y], {
      stroke: PALE,
      lineWidth: 0.8,
      ...(!isPlanned && { dash: [2, 2] as const }),
    }),
    label([left - 5, y + 2.8], nameOf(rung), { anchor: 'end' }),
  ];
}

function drawDose(
  dose: GivenDose,
  x: number,
  y: number,
  bottom: number,
  dayZero: number | undefined,
): Mark[] {
  const { effective, sideEffects, designated, purpose, occurredAt, record } = dose;
  const fill = effective === true ? INK : effective === false ? '#ffffff' : GREY;
  const day = dayZero === undefined ? '' : `d${localDay(occurredAt) - dayZero}`;
  return [
    ...(purpose === 'combination'
      ? [
          box([x - 14, TOP], 28, bottom - TOP, { fill: BAND }),
          line([x - 14, y], [x + 14, y], { stroke: PALE }),
        ]
      : []),
    ...(designated ? [{ kind: 'circle', at: [x, y], r: 8, stroke: BLUE, lineWidth: 1.2 } as const] : []),
    { kind: 'circle', at: [x, y], r: 4.5, fill, stroke: INK, lineWidth: 1, to: record },
    ...(sideEffects ? [label([x + 10, y - 4], 'S', { bold: true, fill: RED, size: 9 })] : []),
    label([x, bottom + 9], day, { anchor: 'middle', size: 7.5 }),
    label([x, bottom + 18], `#${record}`, { anchor: 'middle', size: 6.5, fill: GREY, to: record }),
  ];
}

function legend(y: number, below: number): Mark[] {
  const text = (x: number, at: number, words: string): Mark => label([x, at + 2.6], words, { size: 7 });
  const dot = (x: number, fill: string): Mark => ({
    kind: 'circle',
    at: [x, y],
    r: 3.5,
    fill,
    stroke: INK,
    lineWidth: 1,
  });
  return [
    dot(LEFT + 4, INK),
    text(LEFT + 12, y, 'effective alone'),
    dot(LEFT + 94, '#ffffff'),
    text(LEFT + 102, y, 'ineffective'),
    dot(LEFT + 146, GREY),
    text(LEFT + 154, y, 'not known'),
    { kind: 'circle', at: [LEFT + 214, y], r: 5, stroke: BLUE, lineWidth: 1.2 },
    text(LEFT + 223, y, 'designated as sub-effective'),
    label([LEFT + 342, y + 3], 'S', { bold: true, fill: RED, size: 8 }),
    text(LEFT + 351, y, 'side effects'),
    box([LEFT, below - 4], 10, 8, { fill: BAND }),
    text(LEFT + 14, below, 'with stimulation'),
    text(LEFT + 94, below, '* not a dose of the protocol'),
    text(LEFT + 214, below, 'd: days since day 0 · #: record number'),
  ];
}
