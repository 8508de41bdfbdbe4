import type { Flow, Stage } from '../../study/projections/study-flow.projection.js';
import { GREY, INK, box, label, type Drawing, type Mark, type Point } from './drawing.js';

const WIDTH = 520;
const [BOX_WIDTH, BOX_HEIGHT, GAP] = [144, 30, 18];
const CENTRE = 160;
const [LEFT, RIGHT] = [80, 250];

/** Where each stage stands: column, and row from the top where all are drawn. */
const PLACES: Readonly<Record<Stage, readonly [x: number, row: number]>> = {
  enrolled: [CENTRE, 0],
  operated: [CENTRE, 1],
  hypersensitive: [CENTRE, 2],
  stimulated: [CENTRE, 3],
  responders: [LEFT, 4],
  'non-responders': [RIGHT, 4],
  titrated: [RIGHT, 5],
  designated: [RIGHT, 6],
  combined: [RIGHT, 7],
  converted: [RIGHT, 8],
};

const WORDS: Readonly<Record<Stage, string>> = {
  enrolled: 'Enrolled',
  operated: 'Model induced',
  hypersensitive: 'Hypersensitive',
  stimulated: 'Spinal cord stimulation',
  responders: 'Responders',
  'non-responders': 'Non-responders',
  titrated: 'Drug titrated',
  designated: 'Sub-effective dose designated',
  combined: 'Drug + stimulation',
  converted: 'Converted to responders',
};

const FLOW: readonly (readonly [Stage, Stage])[] = [
  ['enrolled', 'operated'],
  ['operated', 'hypersensitive'],
  ['hypersensitive', 'stimulated'],
  ['stimulated', 'responders'],
  ['stimulated', 'non-responders'],
  ['non-responders', 'titrated'],
  ['titrated', 'designated'],
  ['designated', 'combined'],
  ['combined', 'converted'],
];

/** The longest name of a drug that fits into a box. */
const LONGEST_NAME = 15;

/**
 * How many animals reached which stage and how many left where, as CONSORT and ARRIVE draw it.
 * @param drug what is titrated; a name that is too long for its box is left out.
 */
export function flowDiagram(flow: Flow, drug: string): Drawing {
  const name = drug.length > LONGEST_NAME ? 'Drug' : drug.charAt(0).toUpperCase() + drug.slice(1);
  const drawn = layOut(flow.stages.map(({ stage }) => stage));
  const marks: Mark[] = [
    ...drawn.steps.flatMap(([from, to]) => arrow(bottom(drawn.top(from)), drawn.top(to))),
    ...flow.stages.flatMap(({ stage, count }) =>
      stageBox(stage, WORDS[stage].replace('Drug', name), count, drawn.top(stage)),
    ),
    ...flow.stages.flatMap(({ stage }) => leaving(stage, flow, drawn)),
  ];
  return { width: WIDTH, height: drawn.rows * (BOX_HEIGHT + GAP) + 4, title: 'Course of the animals', marks };
}

interface Layout {
  readonly rows: number;
  /** Middle of the upper edge of a box. */
  readonly top: (stage: Stage) => Point;
  /** Each stage after the nearest one before it that is drawn. */
  readonly steps: readonly (readonly [Stage, Stage])[];
}

/** Stages that are not drawn leave no gap. */
function layOut(stages: readonly Stage[]): Layout {
  const rows = [...new Set(stages.map((stage) => PLACES[stage][1]))].sort((a, b) => a - b);
  const before = (stage: Stage): Stage | undefined => {
    const from = FLOW.find(([, to]) => to === stage)?.[0];
    return from === undefined || stages.includes(from) ? from : before(from);
  };
  return {
    rows: rows.length,
    top: (stage) => [PLACES[stage][0], 2 + rows.indexOf(PLACES[stage][1]) * (BOX_HEIGHT + GAP)],
    steps: stages.flatMap((stage) => {
      const from = before(stage);
      return from === undefined ? [] : [[from, stage] as const];
    }),
  };
}

function stageBox(stage: Stage, words: string, count: number, [x, y]: Point): Mark[] {
  return [
    box([x - BOX_WIDTH / 2, y], BOX_WIDTH, BOX_HEIGHT, { stroke: INK, fill: '#ffffff' }),
    label([x, y + 13], words, { size: 9, anchor: 'middle' }),
    label([x, y + 26], `n = ${count}`, { size: 10, anchor: 'middle', bold: true, to: `#${stage}` }),
  ];
}

/**
 * Exclusions, unplanned deaths, and animals that reached no later stage. The planned death at the end of the study is not
 * a loss.
 */
function leaving(stage: Stage, { stages, exclusions, deaths }: Flow, { steps, top }: Layout): Mark[] {
  const out = exclusions.filter(({ after }) => after === stage);
  const excluded = new Set(out.map(({ subject }) => subject));
  const dead = deaths.filter(
    ({ after, cause, subject }) => after === stage && cause !== 'planned' && !excluded.has(subject),
  );
  const lines = [
    ...counted(
      out.map(({ criterion }) => criterion ?? 'no criterion named'),
      'excluded',
    ),
    ...counted(
      dead.map(({ cause }) => cause),
      'dead',
    ),
    ...stayed(stage, stages, steps, new Set([...excluded, ...dead.map(({ subject }) => subject)])),
  ];
  if (lines.length === 0) return [];
  const [x, y] = top(stage);
  const to: Point = [x + BOX_WIDTH / 2 + 24, y + BOX_HEIGHT / 2];
  const height = Math.max(16, 10 * lines.length + 6);
  return [
    ...arrow([x + BOX_WIDTH / 2, y + BOX_HEIGHT / 2], to),
    box([to[0], to[1] - height / 2], WIDTH - to[0] - 4, height, { stroke: GREY, fill: '#ffffff' }),
    ...lines.map((text, index) =>
      label([to[0] + 6, to[1] - height / 2 + 11 + 10 * index], text, { size: 7.5 }),
    ),
  ];
}

/** Animals that no next box counts, for no reason named elsewhere. The last boxes have no next. */
function stayed(
  stage: Stage,
  stages: Flow['stages'],
  steps: Layout['steps'],
  gone: ReadonlySet<string>,
): string[] {
  const next = steps.filter(([from]) => from === stage).map(([, to]) => to);
  if (next.length === 0) return [];
  const of = (which: Stage): readonly string[] => stages.find((one) => one.stage === which)?.subjects ?? [];
  const later = new Set(next.flatMap(of));
  const count = of(stage).filter((subject) => !later.has(subject) && !gone.has(subject)).length;
  return count === 0 ? [] : [`n = ${count} reached no later stage`];
}

/** `excluded: not-hypersensitive 3`: one line a reason. */
function counted(reasons: readonly string[], what: string): string[] {
  const tally = new Map<string, number>();
  for (const reason of reasons) tally.set(reason, (tally.get(reason) ?? 0) + 1);
  return [...tally].map(([reason, count]) => `n = ${count} ${what}: ${reason.replaceAll('-', ' ')}`);
}

function bottom([x, y]: Point): Point {
  return [x, y + BOX_HEIGHT];
}

function arrow(from: Point, to: Point): Mark[] {
  const middle = (from[1] + to[1]) / 2;
  const bent: Point[] =
    from[0] === to[0] || from[1] === to[1] ? [from, to] : [from, [from[0], middle], [to[0], middle], to];
  const [x, y] = to;
  const head: Point[] =
    from[1] === to[1]
      ? [
          [x, y],
          [x - 5, y - 2.5],
          [x - 5, y + 2.5],
        ]
      : [
          [x, y],
          [x - 2.5, y - 5],
          [x + 2.5, y - 5],
        ];
  return [
    { kind: 'path', points: bent, stroke: INK, lineWidth: 0.8 },
    { kind: 'path', points: head, closed: true, fill: INK },
  ];
}
