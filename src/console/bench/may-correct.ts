import { authoriseCommand } from '../../lab/people/command-authority.js';
import type { CommandDefinition, StudyCommand } from '../../study/commands/common/command.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { closureOf } from '../../study/study.js';
import type { BenchAsked } from '../page.js';

/** Why the reader may not correct or withdraw a record. Who they are matters only where somebody is signed in. */
export function refuseCorrecting(
  { lab, view: { study }, reader: { person, session, by }, nowMs, newId }: BenchAsked,
  definition: CommandDefinition,
  data: object,
): Refusal | undefined {
  if (closureOf(study).state === 'archived')
    return refuse(
      'study-archived',
      `${study.code} is archived: nothing in it is corrected or withdrawn. Its director may reopen it.`,
    );
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
