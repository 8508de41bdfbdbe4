import type { Receipt } from '../recording/open-stream.js';
import type { DryRun } from '../recording/dry-run.js';
import type { StudyCommand } from '../study/commands/common/command.js';
import { Refusal } from '../study/refusal.js';
import { decideRows, type DecidedRows, type Fit, type ImportRequest, type RowResult } from './decide-rows.js';

export interface ImportResult extends Omit<DecidedRows, 'fit'> {
  /** Of the last record, where there was one. */
  readonly receipt?: Receipt;
}

/** As many as one append takes. */
const BATCH = 512;

/**
 * Turns the rows of a spreadsheet into records: all of them, or none where one is refused. Every row is decided before
 * the first is recorded. An import that is cut off is completed by repeating it, since a row’s command has its id from
 * the file’s digest, its sheet and its number.
 */
export async function importRows(
  request: ImportRequest,
  dryRun: DryRun,
  record: (command: StudyCommand) => Promise<Receipt | Refusal>,
): Promise<ImportResult> {
  const { rows, fit, ...done } = decideRows(request, dryRun);
  if (request.dryRun) return { ...done, rows };
  const isRefused = rows.some(({ outcome }) => outcome === 'refused');
  if (isRefused && !request.keepGoing) {
    for (const { index } of fit) rows[index] = { ...rows[index], outcome: 'withheld' };
    return { ...done, rows };
  }
  const receipt = await recordRows(fit, rows, request, record);
  return { ...done, rows, ...(receipt && { receipt }) };
}

/**
 * Batch by batch, the next one sent while one is written. Where a command is refused after all, since others recorded
 * meanwhile, what is not yet sent is left for a repetition.
 */
async function recordRows(
  fit: readonly Fit[],
  rows: RowResult[],
  request: ImportRequest,
  record: (command: StudyCommand) => Promise<Receipt | Refusal>,
): Promise<Receipt | undefined> {
  let receipt: Receipt | undefined;
  let stopped = false;
  const sent = (from: number): Promise<(Receipt | Refusal)[]> => {
    const batch = stopped ? [] : fit.slice(from, from + BATCH);
    const answers = Promise.all(batch.map(({ command }) => record(command)));
    // It is waited for in its turn, and may fail before that.
    answers.catch(() => undefined);
    return answers;
  };
  for (let from = 0, next = sent(0); from < fit.length; from += BATCH) {
    const current = next;
    next = sent(from + BATCH);
    const answers = await current;
    fit.slice(from, from + BATCH).forEach(({ index }, place) => {
      const row = rows[index] as RowResult;
      const answer = answers[place];
      if (answer === undefined) rows[index] = { ...row, outcome: 'withheld' };
      else if (answer instanceof Refusal) {
        stopped = true;
        rows[index] = { ...row, outcome: 'refused', code: answer.code, message: answer.message };
      } else {
        receipt = answer;
        rows[index] = { ...row, outcome: 'recorded' };
      }
    });
    request.progress?.('recording', Math.min(from + BATCH, fit.length), fit.length);
  }
  return receipt;
}
