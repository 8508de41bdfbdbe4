import { ShowProjection } from '../../queries/queries.js';
import { HOURS_PATTERN, type HoursAsked } from '../../lab/people/working-hours.js';
import { timeInDoubt, type TimeInDoubt } from '../../queries/time-in-doubt.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { Refusal } from '../../study/refusal.js';
import { Failure } from '../output/failure.js';
import { openForReading, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { VIEWS } from '../output/views.js';

export interface ShowOptions extends Place {
  readonly study: string;
  readonly subject?: string;
  readonly at?: string;
  readonly until?: string;
  readonly hours?: string;
  readonly weekends?: string;
  readonly json?: boolean;
}

/** Shows a projection of one study, as known at a tree size or time. */
export async function show(
  projection: string,
  { data, store, study, subject, at, until, hours, weekends, json }: ShowOptions,
): Promise<string | Block[]> {
  checkHours({ hours, weekends });
  const ledger = await openForReading({ data, store });
  try {
    const answer = await ledger.ask(
      new ShowProjection(study, projection, { at, until }, subject, { hours, weekends }),
    );
    if (answer instanceof Refusal) throw Failure.of(answer);
    const { treeSize, root, simulated } = answer as { treeSize: number; root: string; simulated?: boolean };
    const doubts = (await timeInDoubt(ledger.engine, study)).filter(({ from }) => from < treeSize);
    const marked = projection === 'audit-trail' ? markDoubts(answer as never, doubts) : answer;
    if (json) return JSON.stringify({ ...marked, ...(doubts.length > 0 && { timeInDoubt: doubts }) });
    const stand = `${study} at tree size ${treeSize}, root ${root}${simulated ? ' · SIMULATED DATA' : ''}`;
    const view = VIEWS[projection]?.(marked as never) ?? JSON.stringify(marked, null, 2).split('\n');
    return [wrapped(stand), ...doubts.map(describeDoubt), '', ...view];
  } finally {
    await ledger.close();
  }
}

function checkHours({ hours, weekends }: HoursAsked): void {
  if (hours !== undefined && !new RegExp(HOURS_PATTERN, 'u').test(hours))
    throw Failure.usage(`--hours ${hours} are no hours.`, 'Write them as 07-19 or 06:30-22:00.');
  if (weekends !== undefined && weekends !== 'in' && weekends !== 'out')
    throw Failure.usage(
      `--weekends ${weekends} is neither in nor out.`,
      'Write --weekends in, or leave it out.',
    );
}

function describeDoubt({ from, to, labRecord, endedBy, confirmed }: TimeInDoubt): Block {
  const which = from === to ? `record #${from} was` : `records #${from} to #${to} were`;
  const shown = `lab record ${labRecord} shows`;
  if (confirmed !== undefined)
    return wrapped(
      `TIME IN DOUBT: ${which} recorded after the clock leapt ahead, as ${shown}; it was confirmed by lab record ${endedBy}: ${confirmed}`,
    );
  if (endedBy !== undefined)
    return wrapped(`TIME IN DOUBT: ${which} recorded while the clock was wrong, as ${shown}.`);
  return wrapped(
    `TIME IN DOUBT: ${which} recorded after the clock leapt ahead, as ${shown}. Put the clock right, or confirm it with study-ledger clock confirm.`,
  );
}

/** In the trail, each record in doubt bears it like a flag. */
function markDoubts(
  { records, ...rest }: { records: TrailRecord[] },
  doubts: readonly TimeInDoubt[],
): object {
  const isDoubted = (number: number): boolean =>
    doubts.some(({ from, to }) => from <= number && number <= to);
  const flagged = records.map((record) =>
    isDoubted(record.record) ? { ...record, flags: [...record.flags, 'time-in-doubt'] } : record,
  );
  return { ...rest, records: flagged };
}
