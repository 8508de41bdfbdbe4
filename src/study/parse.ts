import { validateSync, type ValidationError } from 'class-validator';
import type { StudyCommand, Submission, CommandDefinition } from './commands/command.js';
import { dataClassOf, fieldsOf } from './commands/fields.js';
import { Refusal, refuse } from './refusal.js';
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

  const clean = normalised(body);
  const unrecordable = whereUnrecordable(clean);
  if (unrecordable !== undefined) {
    const field = printable(unrecordable.replace(/^\./, ''));
    return refuse(
      'text-not-recordable',
      `${field} holds a control character or half a character: type it again.`,
      field,
    );
  }
  const command = Object.assign(definition.create(), clean, {
    data: Object.assign(new dataClass(), clean['data']),
  });
  const errors = validateSync(command, { forbidUnknownValues: true, stopAtFirstError: true });
  if (errors[0]) return inWords(errors[0], '');
  return Object.assign(command, { submission });
}

function unknownField(name: string, known: Iterable<string>): Refusal {
  const field = printable(name);
  return refuse(
    'field-unknown',
    `There is no field “${field}” here; known are ${[...known].join(', ')}.`,
    field,
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

/** Deeper than any field reaches: what lies below is looked at by no walk here, and fits no schema. */
const MAX_DEPTH = 16;

/**
 * Text becomes NFC and its line ends LF, and −0 becomes 0, before anything is decided; a payload that needs none of
 * it is not copied.
 */
function normalised<T>(value: T, depth = 0): T {
  if (typeof value === 'string')
    return (PLAIN.test(value) ? value : value.replaceAll('\r\n', '\n').normalize('NFC')) as T;
  if (value === 0) return 0 as T;
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return mapped(value, (item: unknown) => normalised(item, depth + 1)) as T;
  if (!isPlainObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const before = value[key];
    const after = normalised(before, depth + 1);
    if (!Object.is(after, before)) (copy ??= { ...value })[key] = after;
  }
  return (copy ?? value) as T;
}

const PLAIN = /^[\n\x20-\x7e]*$/;

function mapped(items: unknown[], change: (item: unknown) => unknown): unknown[] {
  const changed = items.map(change);
  return changed.every((item, index) => Object.is(item, items[index])) ? items : changed;
}

/** Control characters other than TAB and LF, and surrogates without a partner: no record may hold them. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Surrogate}]/u;

/** The path of the first text that no record may hold. */
function whereUnrecordable(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return !PLAIN.test(value) && FORBIDDEN.test(value) ? '' : undefined;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const inner = whereUnrecordable(item, depth + 1);
      if (inner !== undefined) return `[${index}]${inner}`;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    const inner = whereUnrecordable(item, depth + 1);
    if (inner !== undefined) return `.${key}${inner}`;
  }
  return undefined;
}
