import { openLedgerFolder } from '../../operations/open-ledger.js';
import { nextLabVkey, rotateKeys } from '../../signing/rotation.js';
import { Failure } from '../output/failure.js';
import { mustExist, openForReading, type Place } from '../open-ledger.js';
import { counted, wrapped } from '../output/table.js';

/** Every key that the lab has published, oldest first. */
export async function listKeys({ json = false, ...place }: Place & { json?: boolean }): Promise<string> {
  const ledger = await openForReading(place);
  try {
    const { keys } = await ledger.engine.lab();
    const published = [...keys].flatMap(([origin, all]) =>
      all.map(({ vkey, epoch, number }) => ({ origin, vkey, epoch, labRecord: number })),
    );
    if (json) return JSON.stringify({ keys: published });
    return published
      .map(({ vkey, epoch, labRecord }) => `${vkey}  epoch ${epoch}, lab record ${labRecord}`)
      .join('\n');
  } finally {
    await ledger.close();
  }
}

export interface RotateOptions extends Place {
  readonly seedFd?: number;
  /** After a theft: keys that are not derived from the seed at hand. */
  readonly newSeed?: boolean;
  readonly json?: boolean;
}

export async function rotate(options: RotateOptions): Promise<string> {
  const { data, store, seedFd, newSeed = false, json = false } = options;
  if (newSeed && seedFd !== undefined)
    throw Failure.usage(
      'A new seed goes into a file.',
      'Leave out --seed-fd, or put the new seed behind it yourself.',
    );
  mustExist({ data, store });
  const opened = await openLedgerFolder(data, {
    store,
    holder: 'study-ledger keys rotate',
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
  });
  try {
    const { epoch, labVkey, signed } = await rotateKeys(opened, { newSeed });
    await opened.anchoring.anchor();
    const nextVkey = await nextLabVkey(opened);
    if (json) return JSON.stringify({ epoch, labVkey, nextLabVkey: nextVkey, signed });
    return [
      `Epoch ${epoch}: ${counted(signed, 'head was', 'heads were')} signed by the old and the new key.`,
      ...(newSeed ? [wrapped(AFTER_THEFT)] : []),
      'Give auditors and witnesses the new key of the lab, beside the old one:',
      `  ${labVkey}`,
      `The next one will be, for witnesses to learn before it is used:`,
      `  ${nextVkey}`,
    ].join('\n');
  } finally {
    await opened.engine.close();
  }
}

const AFTER_THEFT =
  'The new seed lies in the place of the old one, which stays beside it. Whoever has the old one can still sign for all that came before, so its signatures count no further than what witnesses, time stamps and kept checkpoints show. Say what happened, and when, in a signed statement of quality assurance.';
