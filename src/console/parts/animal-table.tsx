import type { JSX } from 'preact';
import type { AnimalState, ListedAnimal } from '../../study/projections/animal-list.js';
import type { Response, StandingVerdict } from '../../study/projections/responder-status.projection.js';
import type { Interval } from '../../study/rules/threshold.js';
import { inGramsText } from '../words/arithmetic.js';
import { numberText } from '../words/phrase.js';
import { AnimalLink } from './links.js';
import { Spark, pathOf, thinned } from './spark.js';
import { Table } from './table.js';

/** What the curves of all animals are drawn on: log10(10,000 · g), and the share of the first weight. */
export interface Scales {
  readonly log: readonly [low: number, high: number];
  readonly weight: readonly [low: number, high: number];
}

const [WIDTH, HEIGHT, EDGE] = [168, 40, 3];
/** No more points in a curve; each is then the middle of a stretch. */
const POINTS = 16;

const STATES: Readonly<Record<AnimalState, string>> = {
  active: 'in the study',
  excluded: 'excluded',
  ended: 'ended',
};

/** A row an animal: curve, verdicts with their margins, weight, severity. */
export function AnimalTable({
  rows,
  scales,
}: {
  readonly rows: readonly ListedAnimal[];
  readonly scales: Scales;
}): JSX.Element {
  return (
    <div class="animals">
      <Table
        label="Animals"
        dense
        rows={rows}
        columns={[
          { head: 'Animal', cell: ({ id }) => <AnimalLink id={id} /> },
          { head: 'Threshold, test by test', cell: (row) => <Thresholds animal={row} range={scales.log} /> },
          { head: 'Last', as: 'number', cell: ({ thresholds }) => lastText(thresholds.at(-1)) },
          {
            head: 'Hypersensitive',
            cell: ({ status }) =>
              status && (
                <Judged verdict={status.verdicts.hypersensitivity} word={yesNo(status.hypersensitive)} />
              ),
          },
          {
            head: 'Stimulation alone',
            cell: ({ status }) => status && <Judged verdict={status.verdicts.scs} word={status.scs} />,
          },
          { head: 'Sub-effective dose', cell: ({ status }) => status && <Dose status={status} /> },
          {
            head: 'Dose and stimulation',
            cell: ({ status }) =>
              status && <Judged verdict={status.verdicts.combination} word={status.combination} />,
          },
          { head: 'Weight', cell: (row) => <Weights animal={row} range={scales.weight} /> },
          { head: 'Last', as: 'number', cell: ({ weights }) => weightText(weights) },
          {
            head: 'Severity',
            cell: ({ severity }) =>
              severity && (
                <>
                  {severity.word.replaceAll('-', ' ')}
                  {!severity.assessed && <span class="quiet"> proposed</span>}
                </>
              ),
          },
          { head: 'State', cell: ({ state }) => STATES[state] },
        ]}
      />
      <p class="key">
        Thresholds are of the ipsilateral paw, on one log scale from the lightest to the heaviest filament for
        all animals; the vertical line is day 0. Weights are shares of the animal’s first, on one scale for
        all. The number beside a verdict is its margin: how far its limit was met (+) or missed (−), in the
        unit of its rule. A dash means that it is not known yet; the animal’s page says why.
      </p>
    </div>
  );
}

function Thresholds({
  animal: { thresholds, beforeInduction },
  range,
}: {
  readonly animal: ListedAnimal;
  readonly range: Scales['log'];
}): JSX.Element | null {
  if (thresholds.length === 0) return null;
  const [low, high] = range;
  const values = thresholds.map(({ lower, upper }) => (Math.max(low, lower) + Math.min(high, upper)) / 2);
  const induced = beforeInduction === undefined ? undefined : beforeInduction / thresholds.length;
  return (
    <Spark width={WIDTH} height={HEIGHT}>
      {induced !== undefined && (
        <path class="at" d={`M${Math.round(EDGE + induced * (WIDTH - 2 * EDGE))} 0v${HEIGHT}`} />
      )}
      <path d={curveOf(values, range)} />
    </Spark>
  );
}

function Weights({
  animal: { weights },
  range,
}: {
  readonly animal: ListedAnimal;
  readonly range: Scales['weight'];
}): JSX.Element | null {
  const [first] = weights;
  if (!first) return null;
  return (
    <Spark width={WIDTH} height={HEIGHT}>
      <path
        d={curveOf(
          weights.map(({ grams }) => grams / first.grams),
          range,
        )}
      />
    </Spark>
  );
}

/** Values in the middle of equal steps. */
function curveOf(values: readonly number[], [low, high]: readonly [number, number]): string {
  const drawn = thinned(
    values,
    POINTS,
    (stretch) => stretch.reduce((sum, one) => sum + one, 0) / stretch.length,
  );
  const step = (WIDTH - 2 * EDGE) / drawn.length;
  return pathOf(
    drawn.map((value, index) => [
      EDGE + (index + 0.5) * step,
      HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE),
    ]),
  );
}

function Judged({
  verdict: { holds, margin, borderline },
  word,
}: {
  readonly verdict: StandingVerdict;
  readonly word: Response | 'yes' | 'no';
}): JSX.Element {
  if (holds === null || word === null) return <span class="quiet">–</span>;
  return (
    <>
      <div>
        <b class={holds ? 'yes' : 'no'}>{word}</b> {margin !== null && <i>{signed(margin)}</i>}
      </div>
      {borderline && <em class="near">borderline</em>}
    </>
  );
}

function Dose({ status }: { readonly status: NonNullable<ListedAnimal['status']> }): JSX.Element | null {
  const { subEffectiveDose, ketamine } = status;
  if (!subEffectiveDose) return null;
  const margin = ketamine?.margin ?? null;
  return (
    <>
      <div>
        {subEffectiveDose.dose} {margin !== null && <i>{signed(margin)}</i>}
      </div>
      {ketamine?.borderline && <em class="near">borderline</em>}
    </>
  );
}

function yesNo(value: boolean | null): 'yes' | 'no' | null {
  return value === null ? null : value ? 'yes' : 'no';
}

function signed(margin: number): string {
  const text = numberText(margin, 2);
  return margin > 0 ? `+${text}` : text;
}

function lastText(log: Interval | undefined): string | undefined {
  return log && inGramsText(log).replace('at least ', '≥ ').replace('at most ', '≤ ');
}

/** A gram is a twentieth of a mouse. */
function weightText(weights: ListedAnimal['weights']): JSX.Element | undefined {
  const last = weights.at(-1);
  if (!last) return undefined;
  return (
    <>
      {numberText(last.grams, last.grams < 100 ? 1 : 0)} g
      {last.lossPercent >= 0.05 && <em>−{numberText(last.lossPercent, 1)} %</em>}
    </>
  );
}
