import type { JSX } from 'preact';
import { instantMs } from '../../study/instant.js';
import type { WelfareRecord } from '../../study/projections/welfare.projection.js';
import { numberText } from '../words/phrase.js';
import { AnimalLink, RecordLink } from './links.js';
import { FirstRecords } from './few.js';
import { Spark, pathOf, thinned } from './spark.js';
import { Table } from './table.js';

/** At which loss of weight, per cent, and at which total of the sheet an endpoint is reached; undefined for none. */
export interface Limits {
  readonly loss: number | undefined;
  readonly total: number | undefined;
}

/** What all curves are drawn on: the time of the study, and as far down and up as any animal or an endpoint lies. */
interface CourseScales {
  readonly time: readonly [first: number, last: number];
  readonly loss: number;
  readonly total: number;
}

const [WIDTH, HEIGHT, EDGE] = [280, 64, 4];
/** No more points in a curve; each is then the worst of a stretch. */
const POINTS = 36;

type Weight = WelfareRecord['weights'][number];
type Score = WelfareRecord['scores'][number];

export function courseScales(animals: readonly WelfareRecord[], { loss, total }: Limits): CourseScales {
  let [first, last, lost, scored] = [Infinity, -Infinity, loss ?? 0, total ?? 0];
  for (const { weights, scores } of animals) {
    for (const { occurredAt } of [...weights, ...scores]) {
      const at = instantMs(occurredAt) ?? 0;
      [first, last] = [Math.min(first, at), Math.max(last, at)];
    }
    for (const { lossPercent } of weights) lost = Math.max(lost, lossPercent);
    for (const one of scores) scored = Math.max(scored, one.total);
  }
  return { time: [first, last], loss: Math.max(lost * 1.1, 5), total: Math.max(scored * 1.1, 2) };
}

/** Small multiples, a row an animal: weight and scores against the endpoints, and the severity with its evidence. */
export function CourseTable({
  rows,
  limits,
  scales,
}: {
  readonly rows: readonly WelfareRecord[];
  readonly limits: Limits;
  readonly scales: CourseScales;
}): JSX.Element {
  return (
    <div class="courses">
      <Table
        label="Course of each animal"
        dense
        rows={rows}
        columns={[
          { head: 'Animal', cell: ({ subject }) => <AnimalLink id={subject} /> },
          {
            head: 'Weight below the heaviest',
            cell: (row) => <Weights of={row} limit={limits.loss} scales={scales} />,
          },
          { head: 'Greatest loss', as: 'number', cell: ({ weights }) => <GreatestLoss weights={weights} /> },
          { head: 'Welfare scores', cell: (row) => <Scores of={row} limit={limits.total} scales={scales} /> },
          { head: 'Highest', as: 'number', cell: ({ scores }) => <HighestScore scores={scores} /> },
          {
            head: 'Severity proposed by',
            cell: ({ proposedSeverity }) => <Proposed by={proposedSeverity} />,
          },
          { head: 'Assessed', cell: ({ use }) => <Assessed use={use} /> },
        ]}
      />
      <p class="key">
        Time runs from left to right, on one scale for all animals. Weight: the upper edge is the heaviest
        until then, the lower one {numberText(scales.loss, 0)} % below it
        {limits.loss !== undefined && `; the dashed line is the endpoint at ${limits.loss} %`}. Scores: each
        bar is the total of a sheet, up to {numberText(scales.total, 0)}
        {limits.total !== undefined && `; the dashed line is the endpoint at ${limits.total}`}. If there are
        too many to draw, the worst of neighbouring ones is drawn.
      </p>
    </div>
  );
}

interface CurveProps {
  readonly of: WelfareRecord;
  readonly limit: number | undefined;
  readonly scales: CourseScales;
}

function Weights({ of: { weights }, limit, scales }: CurveProps): JSX.Element | null {
  if (weights.length === 0) return null;
  const y = (loss: number): number => EDGE + (loss / scales.loss) * (HEIGHT - 2 * EDGE);
  return (
    <Spark width={WIDTH} height={HEIGHT}>
      <Limit at={limit} y={y} />
      <path d={pathOf(worst(weights, lossOf).map((one) => [x(one, scales), y(one.lossPercent)]))} />
    </Spark>
  );
}

function Scores({ of: { scores }, limit, scales }: CurveProps): JSX.Element | null {
  if (scores.length === 0) return null;
  const y = (total: number): number => HEIGHT - EDGE - (total / scales.total) * (HEIGHT - 2 * EDGE);
  const bars = worst(scores, totalIn).map(
    (one) => `M${Math.round(x(one, scales))} ${HEIGHT - EDGE}V${Math.round(y(one.total))}`,
  );
  return (
    <Spark width={WIDTH} height={HEIGHT}>
      <path class="at" d={`M0 ${HEIGHT - EDGE}h${WIDTH}`} />
      <Limit at={limit} y={y} />
      <path class="bars" d={bars.join('')} />
    </Spark>
  );
}

function Limit({
  at,
  y,
}: {
  readonly at: number | undefined;
  readonly y: (value: number) => number;
}): JSX.Element | null {
  return at === undefined ? null : <path class="limit" d={`M0 ${Math.round(y(at))}h${WIDTH}`} />;
}

function x({ occurredAt }: { readonly occurredAt: string }, { time: [first, last] }: CourseScales): number {
  return EDGE + (((instantMs(occurredAt) ?? 0) - first) / Math.max(1, last - first)) * (WIDTH - 2 * EDGE);
}

const lossOf = ({ lossPercent }: Weight): number => lossPercent;
const totalIn = ({ total }: Score): number => total;

function worst<T>(values: readonly T[], badness: (one: T) => number): T[] {
  return thinned(values, POINTS, (stretch) => most(stretch, badness)!);
}

function most<T>(list: readonly T[], value: (one: T) => number): T | undefined {
  return list.reduce<T | undefined>(
    (best, one) => (best === undefined || value(one) > value(best) ? one : best),
    undefined,
  );
}

function GreatestLoss({ weights }: { readonly weights: readonly Weight[] }): JSX.Element | null {
  const lightest = most(weights, lossOf);
  if (!lightest) return null;
  if (lightest.lossPercent < 0.05) return <span class="quiet">none</span>;
  return (
    <>
      {numberText(lightest.lossPercent, 1)} % <RecordLink number={lightest.record} />
    </>
  );
}

function HighestScore({ scores }: { readonly scores: readonly Score[] }): JSX.Element | null {
  const highest = most(scores, totalIn);
  if (!highest) return null;
  return (
    <>
      {highest.total} <RecordLink number={highest.record} />
    </>
  );
}

function Proposed({ by }: { readonly by: WelfareRecord['proposedSeverity'] }): JSX.Element {
  if (!by) return <span class="quiet">nothing graded</span>;
  return (
    <>
      {by.severity} <FirstRecords numbers={by.evidence} />
    </>
  );
}

function Assessed({ use: { severity, use } }: { readonly use: WelfareRecord['use'] }): JSX.Element {
  const { actual } = severity;
  if (!actual) {
    if (!use.used) return <span class="quiet">not used</span>;
    return use.endedOn.value === null ? (
      <span class="quiet">in use</span>
    ) : (
      <span class="flag">▲ not assessed</span>
    );
  }
  return (
    <>
      {actual.severity.replaceAll('-', ' ')} <RecordLink number={actual.record} />
      {actual.contradictedBy.length > 0 && (
        <div class="flag">
          ▲ against <FirstRecords numbers={actual.contradictedBy} />
        </div>
      )}
    </>
  );
}
