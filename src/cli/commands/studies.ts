import { ListStudies } from '../../queries/queries.js';
import { openForReading, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';

interface Row {
  readonly study: string;
  readonly state: string;
  /** Absent where the study is damaged. */
  readonly treeSize?: number;
  readonly problem?: string;
  readonly title?: string;
  readonly archive?: { readonly retainUntil: string };
  readonly animals?: { readonly enrolled: number };
  readonly anchor?: { readonly state: string; readonly size?: number };
}

/** Lists the studies of a ledger. */
export async function studies({
  json = false,
  ...place
}: Place & { json?: boolean }): Promise<string | Block[]> {
  const ledger = await openForReading(place);
  try {
    const answer = (await ledger.ask(new ListStudies())) as { simulated: boolean; studies: Row[] };
    if (json) return JSON.stringify(answer);
    const rows = table(answer.studies, [
      { head: 'study', cell: ({ study }) => study },
      {
        head: 'state',
        cell: ({ state, archive }) => (archive ? `${state} until ${archive.retainUntil}` : state),
      },
      { head: 'records', cell: ({ treeSize = '?' }) => String(treeSize), align: 'right' },
      { head: 'anchored', cell: ({ anchor }) => describeAnchor(anchor), align: 'right' },
      {
        head: 'animals',
        cell: ({ animals, problem }) => (problem === undefined ? String(animals?.enrolled ?? 0) : '?'),
        align: 'right',
      },
      { head: 'title', cell: ({ title }) => title ?? '', flexible: true },
    ]);
    const problems = answer.studies.flatMap(({ problem }) =>
      problem === undefined ? [] : ['', wrapped(problem)],
    );
    return [...(answer.simulated ? ['SIMULATED DATA', ''] : []), rows, ...problems];
  } finally {
    await ledger.close();
  }
}

/** The anchored tree size, with the evidence if it is more than the lab’s own signature. */
function describeAnchor(anchor: Row['anchor']): string {
  if (anchor?.size === undefined) return 'no';
  return anchor.state === 'lab' ? String(anchor.size) : `${anchor.size} ${anchor.state}`;
}
