import { counted } from '../../shared/counted.js';
import { openLedgerFolder } from '../../operations/open-ledger.js';
import { nextLabVkey, rotateKeys } from '../../signing/rotation.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { openForReading, type Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { tellAlarm } from '../output/tell-alarm.js';

/** Lists every published verifier key, oldest first. */
export async function listKeys({
  json = false,
  ...place
}: Place & { json?: boolean }): Promise<string | Block[]> {
  const ledger = await openForReading(place);
  try {
    const { keys } = await ledger.engine.lab();
    const published = [...keys].flatMap(([origin, all]) =>
      all.map(({ vkey, epoch, number }) => ({ origin, vkey, epoch, labRecord: number })),
    );
    if (json) return JSON.stringify({ keys: published });
    return published.map(({ vkey, epoch, labRecord }) => `${vkey}  epoch ${epoch}, lab record ${labRecord}`);
  } finally {
    await ledger.close();
  }
}

export interface RotateOptions extends Place {
  readonly seedFd?: number;
  /** Derives the keys from a new seed. */
  readonly newSeed?: boolean;
  readonly json?: boolean;
}

/** Changes every key. Exit code 1 if the head of a log could not be signed, or after an alarm. */
export async function rotate(options: RotateOptions, { print, warn }: Io): Promise<number> {
  const { data, store, seedFd, newSeed = false, json = false } = options;
  if (newSeed && seedFd !== undefined)
    throw Failure.usage(
      '--new-seed writes a seed file and excludes --seed-fd.',
      'Leave out --seed-fd, or leave out --new-seed and provide the new seed at the descriptor.',
    );
  const opened = await openLedgerFolder(data, {
    store,
    holder: 'study-ledger keys rotate',
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
  });
  try {
    const { epoch, labVkey, signed, unsigned } = await rotateKeys(opened, { newSeed });
    await opened.anchoring.anchor();
    const alarmed = tellAlarm(opened.engine, warn);
    const nextVkey = await nextLabVkey(opened);
    const text = [
      `Epoch ${epoch}: ${counted(signed, 'head was', 'heads were')} signed with the old and the new key.`,
      ...unsigned.map(({ log, problem }) => wrapped(`NOT SIGNED  ${log}: ${problem}`)),
      ...(newSeed ? [wrapped(AFTER_THEFT)] : []),
      'Give auditors and witnesses the new key of the lab in addition to the old one:',
      `  ${labVkey}`,
      'The next key will be the following; give it to witnesses before it is used:',
      `  ${nextVkey}`,
    ];
    print(...(json ? [JSON.stringify({ epoch, labVkey, nextLabVkey: nextVkey, signed, unsigned })] : text));
    return unsigned.length === 0 && !alarmed ? 0 : 1;
  } finally {
    await opened.engine.close();
  }
}

const AFTER_THEFT =
  'The new seed replaces the old one, which is kept beside it. Whoever has the old seed can still sign earlier states, so an old signature proves only what witnesses, time stamps or kept checkpoints confirm. Describe what happened, and when, in a signed statement of quality assurance.';
