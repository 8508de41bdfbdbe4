import { counted } from '../../shared/counted.js';
import { logsOf } from '../../lab/lab.js';
import type { LogName } from '../../lab/origins.js';
import type { Engine } from '../../recording/engine.js';
import { concernsOneLog } from '../../store/store-error.js';
import type { WatchStatus } from '../../shared/watch-status.js';
import { UNWITNESSED } from '../../anchoring/watch-status.js';
import { witnessHeads, type WitnessHead } from '../../anchoring/witness-heads.js';
import type { Io } from '../subcommand.js';
import { openForReading, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';
import { printInstant } from '../../study/instant.js';

export interface AnchorsOptions extends Place {
  /** Also asks each witness what it has cosigned. */
  readonly ask?: boolean;
  readonly json?: boolean;
}

/** Shows how far each log is anchored, and when each witness last answered. Exit code 1 if a witness has cosigned another log. */
export async function anchors(
  { json = false, ask = false, ...place }: AnchorsOptions,
  { print }: Io,
): Promise<number> {
  const ledger = await openForReading(place);
  try {
    const { engine } = ledger;
    const lab = await engine.lab();
    const logs = await Promise.all(
      logsOf(lab)
        .filter((log) => log !== 'lab')
        .map(async (log) => {
          const anchor = lab.anchors.get(log);
          return {
            log,
            ...(await storedSize(engine, log)),
            anchored: anchor?.size ?? 0,
            ...(anchor && {
              labRecord: anchor.number,
              state: engine.evidenceOf(anchor.number),
              at: anchor.recordedtime,
            }),
          };
        }),
    );
    const status = engine.watch.status(lab) as WatchStatus;
    const asked = ask ? await witnessHeads(engine, ledger.folder) : undefined;
    const isTrue = !asked?.some(({ state }) => state === 'ahead' || state === 'differs');
    if (json) {
      print(JSON.stringify({ ...status, logs, ...(asked && { asked }) }));
      return isTrue ? 0 : 1;
    }
    const heads = table(logs, [
      { head: 'log', cell: ({ log }) => log },
      { head: 'records', cell: ({ size = '?' }) => String(size), align: 'right' },
      { head: 'anchored', cell: ({ anchored }) => String(anchored), align: 'right' },
      {
        head: 'lab record',
        cell: ({ labRecord }) => (labRecord === undefined ? '' : String(labRecord)),
        align: 'right',
      },
      { head: 'state', cell: ({ state }) => state ?? 'not anchored' },
      { head: 'recorded', cell: ({ at }) => (at === undefined ? '' : printInstant(at)) },
    ]);
    const problems = logs.flatMap(({ problem }) => (problem === undefined ? [] : [wrapped(problem)]));
    print(heads, '', ...problems, ...inWords(status), ...(asked ?? []).map(describeHead));
    return isTrue ? 0 : 1;
  } finally {
    await ledger.close();
  }
}

/** A damaged log is named with its problem; the others are listed all the same. */
async function storedSize(engine: Engine, log: LogName): Promise<{ size?: number; problem?: string }> {
  try {
    return { size: await engine.storedSize(log) };
  } catch (error) {
    if (!concernsOneLog(error)) throw error;
    return { problem: error.message };
  }
}

function describeHead({ name, state, size, detail }: WitnessHead): Block {
  const words: Record<WitnessHead['state'], string> = {
    agrees: `has cosigned ${counted(size ?? 0, 'record')}, the same as in this ledger`,
    ahead: `SHOWS ${size} RECORDS THAT THIS LAB HAS SIGNED, MORE THAN THIS LEDGER HOLDS: the folder holds an older copy. Stop the server and run study-ledger restore.`,
    differs: `HAS COSIGNED ANOTHER LAB LOG OF ${size} RECORDS: change no file, and find out which of the two logs is authentic.`,
    unknown: `does not know this log: ${detail}`,
    unavailable: `cannot be reached: ${detail}`,
  };
  return wrapped(`${name} ${words[state]}`);
}

function inWords({
  state,
  labTreeSize,
  published,
  quorum,
  witnesses,
  authority,
  alarm,
}: WatchStatus): Block[] {
  const contacts = [...witnesses, ...(authority ? [authority] : [])].map(
    ({ name, size, at, failures, problem, disputed }) =>
      wrapped(
        `  ${name}: ${at === undefined ? 'has not answered yet' : `lab size ${size} at ${printInstant(at)}`}${failures > 0 ? `, failed ${counted(failures, 'time')} since: ${problem ?? ''}` : ''}${disputed ? ' (DISPUTED: it claims another lab log, without proof)' : ''}`,
      ),
  );
  return [
    `lab: ${counted(labTreeSize, 'record')}, published to ${published.size}${published.at === undefined ? '' : ` at ${printInstant(published.at)}`}`,
    ...(quorum ? [`quorum: lab size ${quorum.size} at ${printInstant(quorum.at)}`] : []),
    ...contacts,
    ...(alarm ? [wrapped(`ALARM (${alarm.code}): ${alarm.message}`)] : []),
    state === 'unwitnessed' ? wrapped(UNWITNESSED) : `state: ${state}`,
  ];
}
