import { openLedgerFolder } from '../engine/open-ledger.js';
import { nextLabVkey, rotateKeys } from '../engine/rotation.js';
import { mustExist, openForReading, type Place } from './ledger.js';
import { descriptorOf } from './serve.js';
import { counted } from './table.js';

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
  readonly seedFd?: string;
  readonly json?: boolean;
}

export async function rotate({ data, store, seedFd, json = false }: RotateOptions): Promise<string> {
  mustExist({ data, store });
  const opened = await openLedgerFolder(data, {
    store,
    holder: 'study-ledger keys rotate',
    ...(seedFd !== undefined && { seedDescriptor: descriptorOf(seedFd) }),
  });
  try {
    const { epoch, labVkey, signed } = await rotateKeys(opened);
    await opened.anchoring.anchor();
    const nextVkey = await nextLabVkey(opened);
    if (json) return JSON.stringify({ epoch, labVkey, nextLabVkey: nextVkey, signed });
    return [
      `Epoch ${epoch}: ${counted(signed, 'head was', 'heads were')} signed by the old and the new key.`,
      'Give auditors and witnesses the new key of the lab, beside the old one:',
      `  ${labVkey}`,
      `The next one will be, for witnesses to learn before it is used:`,
      `  ${nextVkey}`,
    ].join('\n');
  } finally {
    await opened.engine.close();
  }
}
