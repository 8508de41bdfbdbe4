import { takeInTurns } from '../queries/in-turns.js';
import type { Engine } from '../recording/engine.js';
import type { Receipt } from '../recording/open-stream.js';
import { Refusal } from '../study/refusal.js';
import { decideRows, type DecidedRows, type ImportRequest } from './decide-rows.js';

export interface ImportResult extends Omit<DecidedRows, 'fit' | 'saving'> {
  /** Of the last record, where there was one. */
  readonly receipt?: Receipt;
}

/** So often the rows are decided anew because somebody else recorded in the study meanwhile. */
const MAX_ATTEMPTS = 5;

/**
 * Turns the rows of a spreadsheet into records: all of them, or none where one is refused. Every row is decided before the
 * first is recorded, in turns with whatever else the process does. Where others record in the study before the rows are,
 * the rows are decided anew. With `keepGoing` a large import may be cut off; repeating it completes it, since a row’s command
 * has its id from the file’s digest, its sheet and its number.
 */
export async function importRows(
  request: ImportRequest,
  engine: Pick<Engine, 'dryRun' | 'executeTogether'>,
): Promise<ImportResult | Refusal> {
  for (let attempt = 1; ; attempt++) {
    const dryRun = await engine.dryRun(request.study);
    if (dryRun instanceof Refusal) return dryRun;
    const decided = await takeInTurns(decideRows(request, dryRun));
    if (decided instanceof Refusal) return decided;
    const { rows, fit, saving, ...done } = decided;
    if (request.dryRun) return { ...done, rows };
    const isRefused = rows.some(({ outcome }) => outcome === 'refused');
    if (isRefused && !request.keepGoing) {
      for (const { index } of fit) rows[index] = { ...rows[index]!, outcome: 'withheld' };
      return { ...done, endpoints: [], rows };
    }
    const commands = saving ? [saving, ...fit] : fit;
    const answer = await engine.executeTogether(request.study, commands, {
      progress: (count) => request.progress?.('recording', count, commands.length),
      mayBeCut: request.keepGoing,
    });
    if (answer instanceof Refusal) {
      if (answer.code !== 'overtaken' || attempt === MAX_ATTEMPTS) return answer;
      continue;
    }
    for (const { index } of fit) rows[index] = { ...rows[index]!, outcome: 'recorded' };
    const receipt = answer.at(-1);
    return { ...done, rows, ...(receipt && { receipt }) };
  }
}
