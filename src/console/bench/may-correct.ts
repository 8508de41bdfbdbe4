import { authoriseCommand } from '../../lab/people/command-authority.js';
import type { CommandDefinition, StudyCommand } from '../../study/commands/common/command.js';
import { Refusal } from '../../study/refusal.js';
import type { BenchAsked } from '../page.js';

/** Why the reader may not correct or withdraw a record; undefined where nobody is asked who they are. */
export function refuseCorrecting(
  { lab, view: { study }, reader: { person, session, by }, nowMs, newId }: BenchAsked,
  definition: CommandDefinition,
  data: object,
): Refusal | undefined {
  if (person === undefined) return undefined;
  const submission = {
    id: newId(),
    study: study.code,
    actor: person,
    role: '',
    ...(session !== undefined && { session }),
    ...(by && { by }),
  };
  const command = Object.assign(definition.create(), { submission, data }) as StudyCommand;
  const answer = authoriseCommand(lab, definition, command, study, nowMs);
  return answer instanceof Refusal ? answer : undefined;
}
