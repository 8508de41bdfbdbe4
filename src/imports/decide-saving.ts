import type { DryRun } from '../recording/dry-run.js';
import type { StudyCommand, Submission } from '../study/commands/common/command.js';
import { saveImportMapping } from '../study/commands/save-import-mapping.command.js';
import { parseCommand } from '../study/parse.js';
import { Refusal } from '../study/refusal.js';

/** The mapping is kept with the study, before the rows that are imported by it. */
export interface SaveAs {
  readonly name: string;
  readonly text: string;
  /** The id of the command. */
  readonly id: string;
}

export interface Saving {
  readonly definition: typeof saveImportMapping;
  readonly command: StudyCommand;
}

/** What is recorded of it; undefined where the same mapping is saved already. */
export function decideSaving(
  saveAs: SaveAs,
  { study, actor, role, session, by }: Pick<Submission, 'study' | 'actor' | 'role' | 'session' | 'by'>,
  dryRun: DryRun,
): Saving | Refusal | undefined {
  const who = { actor, role, ...(session !== undefined && { session }), ...(by && { by }) };
  const submission = { id: saveAs.id, study, ...who, place: dryRun.next };
  const body = { data: { name: saveAs.name, mapping: saveAs.text } };
  const command = parseCommand(saveImportMapping, body, submission);
  if (command instanceof Refusal) return command;
  const decided = dryRun.decide(saveImportMapping, command);
  if (decided instanceof Refusal) return decided.code === 'mapping-saved' ? undefined : decided;
  return { definition: saveImportMapping, command };
}
