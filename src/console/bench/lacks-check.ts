import type { CommandDefinition } from '../../study/commands/common/command.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import type { BenchAsked } from '../page.js';
import type { Study } from '../../study/study.js';
import { foreseen } from './animal-at-bench.js';

/**
 * A value that is hardly possible is most often mistyped: by hand it is recorded only with the reason why it is right. What
 * was recorded before and is sent again has its answer already.
 */
export function lacksCheck(
  asked: BenchAsked,
  { id, definition, body }: { id: string; definition: CommandDefinition; body: Record<string, unknown> },
): Refusal | undefined {
  if (body['reason'] !== undefined) return undefined;
  const odd = foreseen(asked, definition, body).filter(({ kind }) => kind === 'implausible');
  if (odd.length === 0 || isRecorded(asked.view.study, id)) return undefined;
  return refuse(
    'reason-required',
    `This is hardly possible (${odd.map(({ code }) => code).join(', ')}): check it, and say why in “reason” if it is right.`,
    'reason',
  );
}

function isRecorded({ records }: Study, id: string): boolean {
  for (const { record } of records) if (record.commandid === id) return true;
  return false;
}
