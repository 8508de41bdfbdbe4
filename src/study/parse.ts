import type { CommandForm, Submission } from './commands/common/command.js';
import { explainBody } from './commands/common/explain-body.js';
import { allFit, dataClassOf, fieldsOf, type Constructor } from './commands/common/fields.js';
import { Unrecordable, makeRecordable } from './events/recordable.js';
import { impossibleIn } from './quantity.js';
import { Refusal, refuse } from './refusal.js';
import { ClientCommandId, ImportedCommandId, StudyCode, isPlainObject, matches } from './schema.js';

/**
 * Turns what a client sent into a command, or says what is wrong with it. Shape only: what is sent is treated as
 * hostile data, and whether the command can be true is decided later.
 */
export function parseCommand<C extends object>(
  definition: CommandForm<C>,
  body: unknown,
  submission: Submission,
): C | Refusal {
  // An import derives the ids of its rows, and so does not choose them.
  if (!matches(submission.imported ? ImportedCommandId : ClientCommandId, submission.id)) {
    const message = 'The command id (Idempotency-Key) must be a UUID of version 4 or 7 in lower case.';
    return refuse('id-invalid', message, 'id');
  }
  if (definition.stream !== 'lab' && !matches(StudyCode, submission.study)) {
    return refuse(
      'study-code-invalid',
      'A study code is made of capitals, digits and single hyphens, such as KET-01.',
      'study',
    );
  }
  if (!isPlainObject(body)) return refuse('body-invalid', 'The body must be a JSON object.');
  const command = assemble(definition, body);
  if (command) return Object.assign(command, { submission });
  const errors = explainBody(definition, body);
  const [first] = errors;
  if (!first) throw new Error(`${definition.name}: the body does not fit, and nothing says why`);
  return new Refusal(first.code, first.detail, first.field, errors);
}

/** The command, where the body holds what a command may hold and nothing else. */
function assemble<C extends object>(
  definition: CommandForm<C>,
  body: Record<string, unknown>,
): C | undefined {
  const dataClass = dataClassOf(definition.command);
  if (!isKnown(body, definition.command, 'data') || !isPlainObject(body['data'])) return undefined;
  if (!isKnown(body['data'], dataClass)) return undefined;
  const clean = makeRecordable(body);
  if (clean instanceof Unrecordable) return undefined;
  const { data } = clean as { data: object };
  if (!allFit(dataClass, data) || !allFit(definition.command, clean as object)) return undefined;
  if (impossibleIn(data, 'data').length > 0) return undefined;
  return Object.assign(definition.create(), clean, { data: Object.assign(new dataClass(), data) });
}

function isKnown(values: object, owner: Constructor, besides?: string): boolean {
  const fields = fieldsOf(owner);
  for (const name of Object.keys(values)) if (!fields.has(name) && name !== besides) return false;
  return true;
}
