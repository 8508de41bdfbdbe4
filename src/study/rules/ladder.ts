/** One von Frey filament. Its force is that of the handle marking where there is one, else that of the grams. */
export interface Filament {
  /** As printed on the filament and written in the record; compared as text. */
  label: string;
  /** Decimal text, kept to the letter. */
  grams: string;
  /** Decimal text: log10 of the force in tenths of a milligram, so handle 4.31 bends at 10^0.31 g. */
  handle?: string;
}

/** A kit of filaments. Forces differ by kit and calibration, so the same responses give another threshold on another. */
export interface Ladder {
  id: string;
  /** Lightest first. */
  filaments: Filament[];
  /** Label of the filament a run starts with. */
  start: string;
  /** The laboratory's own step in log10 units, decimal text, instead of the mean step of the ladder. */
  fixedDelta?: string;
  /** How many equal responses, one filament a step, make a bound at either end; or as many as from the start to that end, at most four. */
  boundAfter?: number;
}

export type LadderErrorCode =
  'filament-not-in-ladder' | 'run-leaves-ladder' | 'run-invalid' | 'ladder-invalid';

/** A ladder, or a run on it, that cannot be read; the message says what to put right. */
export class LadderError extends Error {
  override readonly name = 'LadderError';

  constructor(
    readonly code: LadderErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** log10(10,000 · grams), the unit of every log threshold here (Chaplan 1994); 2 g is 4.301. */
export function logForce(filament: Filament): number {
  return filament.handle === undefined ? toLog(Number(filament.grams)) : Number(filament.handle);
}

/** The bending force in grams at full precision; for a handle it differs from the rounded grams in print. */
export function force(filament: Filament): number {
  return filament.handle === undefined ? Number(filament.grams) : toGrams(Number(filament.handle));
}

export function toLog(grams: number): number {
  return Math.log10(10_000 * grams);
}

export function toGrams(log10e4: number): number {
  return 10 ** (log10e4 - 4);
}

/** Mean step δ of the whole ladder in log10 units, or the laboratory's own. */
export function delta(ladder: Ladder): number {
  if (ladder.fixedDelta !== undefined) return Number(ladder.fixedDelta);
  return (logForce(heaviest(ladder)) - logForce(lightest(ladder))) / (ladder.filaments.length - 1);
}

export function lightest(ladder: Ladder): Filament {
  return filamentAt(ladder, 0);
}

export function heaviest(ladder: Ladder): Filament {
  return filamentAt(ladder, ladder.filaments.length - 1);
}

/** The filament at a position counted from 0, the lightest. */
export function filamentAt(ladder: Ladder, index: number): Filament {
  const filament = ladder.filaments[index];
  if (filament === undefined) {
    throw new LadderError(
      'run-leaves-ladder',
      `position ${index + 1} is not on ladder ${ladder.id}, which has ${ladder.filaments.length} filaments`,
    );
  }
  return filament;
}

/** Position of a label counted from 0, the lightest; labels are text, so "4.0" is not "4". */
export function indexOf(ladder: Ladder, label: string): number {
  const index = ladder.filaments.findIndex((filament) => filament.label === label);
  if (index >= 0) return index;
  const labels = ladder.filaments.map((filament) => filament.label).join(', ');
  throw new LadderError(
    'filament-not-in-ladder',
    `filament ${label} is not in ladder ${ladder.id}; use one of ${labels}`,
  );
}

const DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;

function isPositive(decimal: string): boolean {
  return DECIMAL.test(decimal) && Number(decimal) > 0;
}

/** What is wrong with a ladder, one sentence each; empty where it can be used. */
export function ladderProblems(ladder: Ladder): string[] {
  const { filaments, start, fixedDelta } = ladder;
  const problems: string[] = [];
  if (filaments.length < 3)
    problems.push(`a ladder needs at least 3 filaments; this one has ${filaments.length}`);
  for (const { label, grams, handle } of filaments) {
    if (!isPositive(grams)) problems.push(`filament ${label}: grams "${grams}" is not a positive decimal`);
    if (handle !== undefined && !isPositive(handle)) {
      problems.push(`filament ${label}: handle "${handle}" is not a positive decimal`);
    }
  }
  const labels = filaments.map((filament) => filament.label);
  for (const label of new Set(labels.filter((label, i) => labels.indexOf(label) !== i))) {
    problems.push(`label ${label} is used more than once; every filament needs its own`);
  }
  filaments.slice(1).forEach((filament, i) => {
    const before = filaments[i];
    if (before !== undefined && !isHeavier(filament, before)) {
      problems.push(
        `filament ${filament.label} is not heavier than ${before.label} before it; list the lightest first`,
      );
    }
  });
  if (!labels.includes(start)) problems.push(`start filament ${start} is not in the ladder`);
  if (fixedDelta !== undefined && !isPositive(fixedDelta)) {
    problems.push(`the fixed step "${fixedDelta}" is not a positive decimal`);
  }
  return problems;
}

/** Heavier by handle and by grams. Where the two disagree, one of them is mistyped. */
function isHeavier(filament: Filament, than: Filament): boolean {
  return logForce(filament) > logForce(than) && Number(filament.grams) > Number(than.grams);
}

/**
 * The numbers that manufacturers print on the handles of von Frey filaments: log10 of the force in tenths of a milligram.
 * No filament of the usual kits has one of them as its force in grams.
 */
const HANDLE_NUMBERS: ReadonlySet<number> = new Set([
  1.65, 2.36, 2.44, 2.83, 3.22, 3.61, 3.84, 4.08, 4.17, 4.31, 4.56, 4.74, 4.93, 5.07, 5.18, 5.46, 5.88, 6.1,
  6.45, 6.65,
]);

/** Whether the forces of a ladder are numbers from handles, typed as grams. */
export function hasHandlesAsGrams({ filaments }: Pick<Ladder, 'filaments'>): boolean {
  return filaments.length > 0 && filaments.every(({ grams }) => HANDLE_NUMBERS.has(Number(grams)));
}

/** A ladder without a name, for the calculator: labels are the grams as typed; it starts in the middle (#4 of 8). */
export function ladderFromGrams(grams: readonly string[], start?: string, fixedDelta?: string): Ladder {
  const ladder: Ladder = {
    id: 'custom',
    filaments: grams.map((text) => ({ label: text, grams: text })),
    start: start ?? grams[Math.floor((grams.length - 1) / 2)] ?? '',
    ...(fixedDelta === undefined ? {} : { fixedDelta }),
  };
  const [problem] = ladderProblems(ladder);
  if (problem !== undefined) throw new LadderError('ladder-invalid', problem);
  return ladder;
}

function nominal(id: string, start: string, ...grams: string[]): Ladder {
  return { id, filaments: grams.map((text) => ({ label: text, grams: text })), start };
}

function byHandle(id: string, start: string, handles: Record<string, string>): Ladder {
  const filaments = Object.entries(handles).map(([handle, grams]) => ({ label: handle, grams, handle }));
  return { id, filaments, start };
}

/**
 * Ladders in common use: RAT-H8 by handle (Chaplan 1994; grams rounded for print), RAT-N8 and RAT-N9 by nominal
 * grams. The same run differs by −17 % to +10 % between RAT-N8 and RAT-H8. MOUSE-N8 has the nominal grams of Semmes-Weinstein
 * filaments 2.36 to 4.17, a set in common use for mice; no publication stands behind its start, the fourth of eight as in
 * RAT-N8: a laboratory that begins elsewhere writes its ladder out.
 */
export const LADDER_PRESETS: Readonly<Record<string, Ladder>> = {
  'RAT-H8': byHandle('RAT-H8', '4.31', {
    '3.61': '0.407',
    '3.84': '0.692',
    '4.08': '1.202',
    '4.31': '2.042',
    '4.56': '3.631',
    '4.74': '5.495',
    '4.93': '8.511',
    '5.18': '15.136',
  }),
  'RAT-N8': nominal('RAT-N8', '2', '0.4', '0.6', '1', '2', '4', '6', '8', '15'),
  'RAT-N9': nominal('RAT-N9', '4', '0.4', '0.6', '1', '2', '4', '6', '8', '15', '26'),
  'MOUSE-N8': nominal('MOUSE-N8', '0.16', '0.02', '0.04', '0.07', '0.16', '0.4', '0.6', '1', '1.4'),
};
