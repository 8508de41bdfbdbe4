import { ShowProjection } from '../../queries/queries.js';
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
  readonly json?: boolean;
}

/** Shows a projection of one study, as known at a tree size or time. */
export async function show(
  projection: string,
  { data, store, study, subject, at, until, json }: ShowOptions,
): Promise<string | Block[]> {
  const ledger = await openForReading({ data, store });
  try {
    const answer = await ledger.ask(new ShowProjection(study, projection, { at, until }, subject));
    if (answer instanceof Refusal) throw Failure.of(answer);
    if (json) return JSON.stringify(answer);
    const { treeSize, root, simulated } = answer as { treeSize: number; root: string; simulated?: boolean };
    const stand = `${study} at tree size ${treeSize}, root ${root}${simulated ? ' · SIMULATED DATA' : ''}`;
    const view = VIEWS[projection]?.(answer as never) ?? JSON.stringify(answer, null, 2).split('\n');
    return [wrapped(stand), '', ...view];
  } finally {
    await ledger.close();
  }
}
