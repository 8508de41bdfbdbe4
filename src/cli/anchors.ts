import { logsOf } from '../lab/lab.js';
import type { Standing } from '../engine/standing.js';
import { UNWITNESSED } from '../engine/standing.js';
import { openForReading, type Place } from './ledger.js';
import { counted, table, wrapped } from './table.js';

/** How far every head has come, and who has been heard of when. */
export async function anchors({ json = false, ...place }: Place & { json?: boolean }): Promise<string> {
  const ledger = await openForReading(place);
  try {
    const { engine } = ledger;
    const lab = await engine.lab();
    const logs = await Promise.all(
      logsOf(lab)
        .filter((log) => log !== 'lab')
        .map(async (log) => {
          const anchor = lab.anchors.get(log);
          const size = await engine.store.size(log);
          return {
            log,
            size,
            anchored: anchor?.size ?? 0,
            ...(anchor && {
              labRecord: anchor.number,
              state: engine.evidenceOf(anchor.number),
              at: anchor.recordedtime,
            }),
          };
        }),
    );
    const standing = engine.anchorer?.standing() as Standing;
    if (json) return JSON.stringify({ ...standing, logs });
    const heads = table(logs, [
      { head: 'log', cell: ({ log }) => log },
      { head: 'records', cell: ({ size }) => String(size), align: 'right' },
      { head: 'anchored', cell: ({ anchored }) => String(anchored), align: 'right' },
      {
        head: 'lab record',
        cell: ({ labRecord }) => (labRecord === undefined ? '' : String(labRecord)),
        align: 'right',
      },
      { head: 'state', cell: ({ state }) => state ?? 'not anchored' },
      { head: 'recorded', cell: ({ at }) => at ?? '' },
    ]);
    return [heads, '', ...inWords(standing)].join('\n');
  } finally {
    await ledger.close();
  }
}

function inWords({ state, labTreeSize, published, quorum, witnesses, authority, alarm }: Standing): string[] {
  const contacts = [...witnesses, ...(authority ? [authority] : [])].map(
    ({ name, size, at, failures, problem }) =>
      `  ${name}: ${at === undefined ? 'has not answered yet' : `lab size ${size} at ${at}`}${failures > 0 ? `, failed ${counted(failures, 'time')} since: ${problem ?? ''}` : ''}`,
  );
  return [
    `lab: ${counted(labTreeSize, 'record')}, published to ${published.size}${published.at === undefined ? '' : ` at ${published.at}`}`,
    ...(quorum ? [`quorum: lab size ${quorum.size} at ${quorum.at}`] : []),
    ...contacts,
    ...(alarm ? [wrapped(`ALARM (${alarm.code}): ${alarm.message}`)] : []),
    state === 'unwitnessed' ? wrapped(UNWITNESSED) : `state: ${state}`,
  ];
}
