import { v7 } from 'uuid';
import { proposeClockConfirmation } from '../../anchoring/anchor-facts.js';
import { openLedgerFolder } from '../../operations/open-ledger.js';
import { printInstant, utcInstant } from '../../study/instant.js';
import type { Place } from '../open-ledger.js';

export interface ConfirmClockOptions extends Place {
  readonly cause: string;
  readonly json?: boolean;
}

/** Records that the clock is right, after recording was refused because it had leapt ahead. */
export async function confirmClock({
  data,
  store,
  cause,
  json = false,
}: ConfirmClockOptions): Promise<string> {
  const { engine } = await openLedgerFolder(data, { store, holder: 'study-ledger clock confirm' });
  try {
    const { recordedMs } = await engine.lab();
    const receipt = await engine.recordInLab(
      proposeClockConfirmation(engine, recordedMs, { cause, commandId: v7() }),
    );
    if (json) return JSON.stringify(receipt);
    return `Recorded in the lab (record ${receipt.records[0]?.number}): the clock, ${printInstant(utcInstant(engine.clock()))}, is right.`;
  } finally {
    await engine.close();
  }
}
