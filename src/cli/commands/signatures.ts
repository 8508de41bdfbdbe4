import { ShowSignatures } from '../../queries/queries.js';
import type { ShownSignature } from '../../queries/signatures.js';
import { printInstant } from '../../study/instant.js';
import { Refusal } from '../../study/refusal.js';
import { Failure } from '../output/failure.js';
import { openForReading, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';

/** Lists the signatures of a study, each checked now. */
export async function signatures(
  study: string,
  { json = false, ...place }: Place & { readonly json?: boolean },
): Promise<string | Block[]> {
  const ledger = await openForReading(place);
  try {
    const answer = await ledger.ask(new ShowSignatures(study));
    if (answer instanceof Refusal) throw Failure.of(answer);
    if (json) return JSON.stringify(answer);
    const { simulated, signatures: found } = answer as { simulated?: true; signatures: ShownSignature[] };
    if (found.length === 0) return [wrapped(`Nothing in ${study} is signed.`)];
    const rows = table(found, [
      { head: 'record', cell: ({ record }) => `#${record}`, align: 'right' },
      { head: 'meaning', cell: ({ meaning }) => meaning },
      { head: 'signs', cell: signedInWords, flexible: true },
      { head: 'name', cell: ({ printedName }) => printedName, flexible: true },
      { head: 'person', cell: ({ person }) => person },
      { head: 'role', cell: ({ role }) => role },
      { head: 'time', cell: ({ time }) => printInstant(time) },
      { head: 'status', cell: statusInWords, flexible: true },
    ]);
    const broken = found.flatMap(({ record, broken: what = [] }) =>
      what.map((problem) => wrapped(`#${record}: ${problem}`)),
    );
    return [
      ...(simulated ? ['SIMULATED DATA', ''] : []),
      rows,
      ...(found.some(({ covers }) => covers.length > FEW)
        ? ['', wrapped('--json names every record that was signed.')]
        : []),
      ...(broken.length > 0 ? ['', ...broken] : []),
    ];
  } finally {
    await ledger.close();
  }
}

/** What one signature covers is named where it is so few; `--json` names all. */
const FEW = 2;

function signedInWords({ covers }: ShownSignature): string {
  return covers.length <= FEW
    ? covers.map(rangeInWords).join(' ')
    : `${rangeInWords(covers[0]!)} and ${covers.length - 1} more`;
}

function rangeInWords({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? `#${from}` : `#${from}–#${to}`;
}

function statusInWords({ status, supersededBy }: ShownSignature): string {
  return supersededBy === undefined ? status : `superseded by #${supersededBy}`;
}
