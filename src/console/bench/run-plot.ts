import { logForce, type Ladder } from '../../study/rules/ladder.js';

/** The geometry of the up-down plot of a run: a step of the ladder is as high as any other, a touch as wide. */
const LEFT = 64;
const STEP = 30;
const SLOT = 34;
/** A run by the rule takes nine touches at the most. */
const SLOTS = 10;

export function plotHeight({ filaments }: Ladder): number {
  return STEP * (filaments.length + 1);
}

/** The part that is shown, wider for a long run. */
export function plotBox(ladder: Ladder, touches: number): string {
  return `0 0 ${LEFT + SLOT * Math.max(SLOTS, touches + 1)} ${plotHeight(ladder)}`;
}

/** Where the labels end and the lines begin. */
export const PLOT_LEFT = LEFT;
/** Lines are longer than any run. */
export const PLOT_RIGHT = LEFT + SLOT * 102;

export function touchX(index: number): number {
  return LEFT + SLOT * (index + 0.5);
}

export function filamentY(ladder: Ladder, position: number): number {
  return STEP * (ladder.filaments.length - position);
}

/** The height of a log force, between its neighbours on the ladder; half a step beyond an end at the most. */
export function logY(ladder: Ladder, log10e4: number): number {
  const logs = ladder.filaments.map(logForce);
  const above = logs.findIndex((log) => log >= log10e4);
  if (above === 0) return filamentY(ladder, log10e4 < logs[0]! ? -0.5 : 0);
  if (above < 0) return filamentY(ladder, logs.length - 0.5);
  const [lower, upper] = [logs[above - 1]!, logs[above]!];
  return filamentY(ladder, above - 1 + (log10e4 - lower) / (upper - lower));
}
