import { validateSync, type ValidationError } from 'class-validator';
import type { StudyCommand, Submission, CommandDefinition } from './commands/common/command.js';
import { dataClassOf, fieldsOf } from './commands/common/fields.js';
import { impossibleIn } from './quantity.js';
import { Unrecordable, recordable } from './events/recordable.js';
import { refuse, type Refusal } from './refusal.js';
import type { RefusalCode } from './refusal-codes.js';
import { StudyCode, Uuid, matches, printable } from './schema.js';

/**
 * Turns what a client sent into a command, or says what is wrong with it. Shape only: what is sent is looked at as
 * hostile data, and whether the command can be true is decided later.
 */
export function parseCommand(
  definition: CommandDefinition,
  body: unknown,
  submission: Submission,
): StudyCommand | Refusal {
  if (!matches(Uuid, submission.id)) {
    return refuse('id-invalid', 'The command id (Idempotency-Key) must be a UUID in lower case.', 'id');
  }
  if (!matches(StudyCode, submission.study)) {
    return refuse(
      'study-code-invalid',
      'A study code is made of capitals, digits and single hyphens, such as KET-01.',
      'study',
    );
  }
  if (!isPlainObject(body)) return refuse('body-invalid', 'The body must be a JSON object.');
  const fields = fieldsOf(definition.command);
  const stranger = Object.keys(body).find((key) => key !== 'data' && !fields.has(key));
  if (stranger !== undefined) return unknownField(stranger, [...fields.keys(), 'data']);
  const { data } = body;
  if (!isPlainObject(data)) return refuse('field-invalid', 'The body must have a “data” object.', 'data');
  const dataClass = dataClassOf(definition.command);
  const dataFields = fieldsOf(dataClass);
  const strange = Object.keys(data).find((key) => !dataFields.has(key));
  if (strange !== undefined) return unknownField(`data.${strange}`, dataFields.keys());

  const clean = recordable(body);
  if (clean instanceof Unrecordable) return unrecordable(clean);
  const command = Object.assign(definition.create(), clean);
  Object.assign(command, { data: Object.assign(new dataClass(), (clean as { data: object }).data) });
  const errors = validateSync(command, { forbidUnknownValues: true, stopAtFirstError: true });
  if (errors[0]) return inWords(errors[0]);
  const impossible = impossibleIn(command.data, 'data');
  if (impossible) {
    const { path, most } = impossible;
    return refuse(
      'quantity-impossible',
      `${path} is more than ${most}: check the number and its unit.`,
      path,
    );
  }
  return Object.assign(command, { submission });
}

const CODES: Record<Unrecordable['why'], RefusalCode> = {
  character: 'text-not-recordable',
  depth: 'body-too-deep',
  name: 'field-unknown',
  null: 'field-invalid',
  number: 'field-invalid',
};

function unrecordable({ path, why, reason }: Unrecordable): Refusal {
  const field = printable(path.replace(/^\./, ''));
  return refuse(CODES[why], `${field} ${reason}.`, field);
}

function unknownField(name: string, known: Iterable<string>): Refusal {
  const field = printable(name);
  return refuse(
    'field-unknown',
    `There is no field “${field}” here; known are ${[...known].join(', ')}.`,
    field,
  );
}

function inWords({ constraints }: ValidationError): Refusal {
  const [field = '', message = 'is not valid'] = Object.values(constraints ?? {})[0]?.split('\n') ?? [];
  const code = message.startsWith('is missing') ? 'field-missing' : 'field-invalid';
  return refuse(code, `${field} ${message}.`, field);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
