/**
 * Table 7 of Dixon 1980 (Annu Rev Pharmacol Toxicol 20:441-62): k for a run that starts with O, by its second part
 * (everything after the first, equal responses) and the number of those first responses: 1, 2, 3, or 4 and more.
 */
const TABLE: Readonly<Record<string, readonly [number, number, number, number]>> = {
  X: [-0.5, -0.388, -0.378, -0.377],
  XO: [0.842, 0.89, 0.894, 0.894],
  XX: [-0.178, 0.0, 0.026, 0.028],
  XOO: [0.299, 0.314, 0.315, 0.315],
  XOX: [-0.5, -0.439, -0.432, -0.432],
  XXO: [1.0, 1.122, 1.139, 1.14],
  XXX: [0.194, 0.449, 0.5, 0.506],
  XOOO: [-0.157, -0.154, -0.154, -0.154],
  XOOX: [-0.878, -0.861, -0.86, -0.86],
  XOXO: [0.701, 0.737, 0.741, 0.741],
  XOXX: [0.084, 0.169, 0.181, 0.182],
  XXOO: [0.305, 0.372, 0.38, 0.381],
  XXOX: [-0.305, -0.169, -0.144, -0.142],
  XXXO: [1.288, 1.5, 1.544, 1.549],
  XXXX: [0.555, 0.897, 0.985, 1.0],
  XOOOO: [-0.547, -0.547, -0.547, -0.547],
  XOOOX: [-1.25, -1.247, -1.246, -1.246],
  XOOXO: [0.372, 0.38, 0.381, 0.381],
  XOOXX: [-0.169, -0.144, -0.142, -0.142],
  XOXOO: [0.022, 0.039, 0.04, 0.04],
  XOXOX: [-0.5, -0.458, -0.453, -0.453],
  XOXXO: [1.169, 1.237, 1.247, 1.248],
  XOXXX: [0.611, 0.732, 0.756, 0.758],
  XXOOO: [-0.296, -0.266, -0.263, -0.263],
  XXOOX: [-0.831, -0.763, -0.753, -0.752],
  XXOXO: [0.831, 0.935, 0.952, 0.954],
  XXOXX: [0.296, 0.463, 0.5, 0.504],
  XXXOO: [0.5, 0.648, 0.678, 0.681],
  XXXOX: [-0.043, 0.187, 0.244, 0.252],
  XXXXO: [1.603, 1.917, 2.0, 2.014],
  XXXXX: [0.893, 1.329, 1.465, 1.496],
};

/** Second parts whose last column still grows in the third decimal beyond four first responses. */
const STILL_GROWING: ReadonlySet<string> = new Set(['XXXX', 'XXOXX', 'XXXOX', 'XXXXO', 'XXXXX']);

/**
 * k of the table, or undefined where the table does not hold. A run that starts with X is the mirror of one that
 * starts with O, with k negated. For more than four first responses the last column stands, except in the five cells
 * of `outgrowsTable`: there the constant-step likelihood is used instead.
 */
export function dixonK(run: string): number | undefined {
  const { first, second, mirrored } = split(run);
  const row = TABLE[second];
  if (row === undefined || outgrowsTable(run)) return undefined;
  const k = row[Math.min(first, 4) - 1] ?? NaN;
  return mirrored ? 0 - k : k;
}

/** Whether the run has more than four first responses and falls in a cell that is printed for exactly four. */
export function outgrowsTable(run: string): boolean {
  const { first, second } = split(run);
  return first > 4 && STILL_GROWING.has(second);
}

/** The run as the table reads it, turned so that it starts with O. */
function split(run: string): { first: number; second: string; mirrored: boolean } {
  const mirrored = run.startsWith('X');
  const asPrinted = mirrored ? mirror(run) : run;
  const first = /^O*/.exec(asPrinted)?.[0].length ?? 0;
  return { first, second: first === 0 ? '' : asPrinted.slice(first), mirrored };
}

function mirror(run: string): string {
  return run.replace(/[OX]/g, (response) => (response === 'X' ? 'O' : 'X'));
}
