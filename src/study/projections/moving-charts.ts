import { Chart } from '../rules/chart.js';
import type { Steps } from '../steps.js';
import { Protocols, type ProtocolVersion, type Study, type Subject } from '../study.js';
import { sayOf, type Said } from './verdict-steps.js';

/** How many changes of histories the charts that are kept may hold together. */
const MOST_CHANGES = 200_000;
const CHANGES_IN_A_STEP = 50;

type Changes = Subject['changes'];
type Change = NonNullable<Changes['last']>;

/** The chart of an animal after the first changes of its history. */
interface Moving {
  readonly chart: Chart;
  readonly versions: readonly ProtocolVersion[];
  /** How many changes are in the chart, and the last of them. */
  place: number;
  last: Change | undefined;
  /** What is said of the animal at this place. */
  said: Said;
}

/** What is said of an animal before and after one change, and the chart after it. */
interface Around {
  readonly before: Said;
  readonly after: Said;
  readonly chart: Chart;
}

/**
 * Charts of the animals that were asked about last. A chart is moved from change to change, so that the answers about
 * one record after another cost what the records change, and not the length of the history.
 */
export class MovingCharts {
  private readonly kept = new Map<string, Moving>();
  private changes = 0;

  /** @param place how many changes of the animal came before the one that is asked about. */
  *around(study: Study, id: string, changes: Changes, place: number): Steps<Around> {
    const moving = this.take(id, changes, study) ?? begin(study);
    yield* move(moving, changes, place);
    const before = moving.said;
    yield* move(moving, changes, place + 1);
    this.keep(id, moving);
    return { before, after: moving.said, chart: moving.chart };
  }

  /** A chart that is being moved is nobody else's. */
  private take(id: string, changes: Changes, study: Study): Moving | undefined {
    const moving = this.kept.get(id);
    if (!moving) return undefined;
    this.drop(id, moving);
    const isOfHistory = moving.place === 0 || changes.at(moving.place - 1) === moving.last;
    return isOfHistory && moving.versions === new Protocols(study).versions ? moving : undefined;
  }

  private keep(id: string, moving: Moving): void {
    const other = this.kept.get(id);
    if (other) this.drop(id, other);
    this.kept.set(id, moving);
    this.changes += moving.place;
    for (const [oldest, one] of this.kept) {
      if (this.changes <= MOST_CHANGES) break;
      this.drop(oldest, one);
    }
  }

  private drop(id: string, { place }: Moving): void {
    this.kept.delete(id);
    this.changes -= place;
  }
}

function begin(study: Study): Moving {
  const protocols = new Protocols(study);
  const chart = new Chart([], protocols);
  return { chart, versions: protocols.versions, place: 0, last: undefined, said: sayOf(chart) };
}

/** Undoes changes, or makes them. */
function* move(moving: Moving, changes: Changes, place: number): Steps<void> {
  if (moving.place === place) return;
  const { chart } = moving;
  while (moving.place !== place) {
    const isForward = moving.place < place;
    const { out, put } = changes.at(isForward ? moving.place : moving.place - 1)!;
    const [gone, here] = isForward ? [out, put] : [put, out];
    if (gone) chart.put(gone, false);
    if (here) chart.put(here, true);
    moving.place += isForward ? 1 : -1;
    if (moving.place % CHANGES_IN_A_STEP === 0) yield;
  }
  moving.last = changes.at(place - 1);
  moving.said = sayOf(chart);
}
