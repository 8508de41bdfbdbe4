import { logsOf } from '../lab/lab.js';
import { restoreDisclosures, type RestoredDisclosures } from './disclosure-backup.js';
import { openLedgerForReading } from './open-ledger.js';
import { RestoreError, vouchedHeads } from './restore.js';

/**
 * Brings disclosures back into a ledger that lacks no record.
 * @returns undefined where the copy has none
 * @throws RestoreError where records are missing: one of them may say that a name is erased.
 */
export async function restoreOnlyDisclosures(
  place: { data: string; store?: string | undefined },
  from: string,
  nowMs: number,
): Promise<RestoredDisclosures | undefined> {
  const { engine, folder } = await openLedgerForReading(place.data, { store: place.store });
  try {
    const lab = await engine.lab();
    const { log, size } = await engine.log('lab');
    for (const head of await vouchedHeads(folder, 'lab', lab))
      if (head.size > size || log.root(head.size) !== head.root)
        throw new RestoreError(
          'source-needed',
          `The lab in ${place.data} is not what was signed of it, and what is missing may say that a name is erased: restore the records first.`,
        );
    const records = { store: engine.store, logs: logsOf(lab) };
    return await restoreDisclosures(from, folder.disclosures, records, nowMs);
  } finally {
    await engine.close();
  }
}
