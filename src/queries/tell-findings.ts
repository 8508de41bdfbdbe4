import type { Engine, OpenStudy } from '../recording/engine.js';
import type { Receipt } from '../recording/open-stream.js';
import { findingsOf, otherRecordOf, type Findings } from '../study/projections/findings.js';
import { MovingCharts } from '../study/projections/moving-charts.js';
import { takeInTurns } from './in-turns.js';

/** A receipt with what its record was found to say. */
export interface ToldReceipt extends Receipt, Findings {}

const charts = new WeakMap<OpenStudy, MovingCharts>();

/**
 * Adds the findings to a receipt that is going to be shown to somebody. They are computed after the record is durable and
 * outside of the write queue, and are the same whenever the receipt is given again.
 */
export async function tellFindings(engine: Engine, receipt: Receipt): Promise<ToldReceipt> {
  const open = await engine.openStudy(receipt.study);
  let kept = charts.get(open);
  if (!kept) charts.set(open, (kept = new MovingCharts()));
  const { state } = open;
  const number = receipt.treeSize - 1;
  const findings = await takeInTurns(findingsOf(state, number, kept));
  const otherRecord = await takeInTurns(otherRecordOf(state, number));
  return { ...receipt, ...findings, ...(otherRecord !== undefined && { otherRecord }) };
}
