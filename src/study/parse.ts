import { validateSync, type ValidationError } from 'class-validator';
import type { StudyCommand, Submission, CommandDefinition } from './commands/command.js';
import { dataClassOf, fieldsOf } from './commands/fields.js';
import { Refusal, refuse } from './refusal.js';
import { StudyCode, Uuid, matches } from './schema.js';

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

  const command = Object.assign(definition.create(), normalised(body), {
    data: Object.assign(new dataClass(), normalised(data)),
  });
  const errors = validateSync(command, { forbidUnknownValues: true, stopAtFirstError: true });
  if (errors[0]) return inWords(errors[0], '');
  return Object.assign(command, { submission });
}

function unknownField(field: string, known: Iterable<string>): Refusal {
  const shown = field.length > 60 ? `${field.slice(0, 60)}…` : field;
  return refuse(
    'field-unknown',
    `There is no field “${shown}” here; known are ${[...known].join(', ')}.`,
    shown,
  );
}

function inWords({ property, constraints, children }: ValidationError, path: string): Refusal {
  const here = path ? `${path}.${property}` : property;
  const child = children?.[0];
  if (child) return inWords(child, here);
  const [inner = '', message = 'is not valid'] = Object.values(constraints ?? {})[0]?.split('\n') ?? [];
  const field = inner === '' || inner.startsWith('[') ? here + inner : `${here}.${inner}`;
  return refuse(
    message.startsWith('is missing') ? 'field-missing' : 'field-invalid',
    `${field} ${message}.`,
    field,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Text becomes NFC and its line ends LF before anything is decided; a payload that needs neither is not copied. */
function normalised<T>(value: T): T {
  if (typeof value === 'string')
    return (PLAIN.test(value) ? value : value.replaceAll('\r\n', '\n').normalize('NFC')) as T;
  if (Array.isArray(value)) return mapped(value, (item: unknown) => normalised(item)) as T;
  if (!isPlainObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const before = value[key];
    const after = normalised(before);
    if (after !== before) (copy ??= { ...value })[key] = after;
  }
  return (copy ?? value) as T;
}

const PLAIN = /^[\n\x20-\x7e]*$/;

function mapped(items: unknown[], change: (item: unknown) => unknown): unknown[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}
