import { MAX_DEPTH, Unrecordable, isRecordableName, makeRecordable } from '../../events/recordable.js';
import { impossibleIn } from '../../quantity.js';
import { MOST_ERRORS, type FieldError } from '../../refusal.js';
import type { RefusalCode } from '../../refusal-codes.js';
import { isWithin } from '../../mismatch.js';
import { isPlainObject, printable, shownValue } from '../../schema.js';
import type { CommandForm } from './command.js';
import { dataClassOf, errorsIn, fieldsOf } from './fields.js';

type Values = Record<string, unknown>;

/**
 * Everything that is wrong with a body: fields that nobody knows, what no record can hold, what class-validator says of the
 * fields, and quantities that cannot have been measured. What is wrong in one way is not said to be wrong in another. Values of a command of
 * the lab, and of one with a personal text, are not repeated: a name or a code may stand in any of its fields.
 */
export function explainBody(definition: CommandForm, body: Values): FieldError[] {
  const isShown = definition.stream !== 'lab' && definition.personal.length === 0;
  const dataClass = dataClassOf(definition.command);
  const errors: FieldError[] = [];
  const known = takeKnown(body, [...fieldsOf(definition.command).keys(), 'data'], '', errors);
  if (isPlainObject(known['data'])) {
    known['data'] = takeKnown(known['data'], [...fieldsOf(dataClass).keys()], 'data.', errors);
  } else {
    errors.push({ field: 'data', code: 'field-invalid', detail: 'The body must have a “data” object.' });
    delete known['data'];
  }
  const recordable = takeRecordable(known, '', errors, isShown) as Values;
  const data = recordable['data'] as object | undefined;
  const command = Object.assign(definition.create(), recordable);
  if (data) Object.assign(command, { data: Object.assign(new dataClass(), data) });
  const isSpoilt = (path: string): boolean => errors.some(({ field }) => isWithin(path, field));
  errors.push(...errorsIn(command, isShown).filter(({ field }) => !isSpoilt(field)));
  for (const { path, given, most } of impossibleIn(data, 'data')) {
    if (isSpoilt(path)) continue;
    const detail = `${path} is ${given}, more than ${most}: check the number and its unit.`;
    errors.push({ field: path, code: 'quantity-impossible', detail });
  }
  return errors.slice(0, MOST_ERRORS);
}

/** A copy without the members that are no fields. */
function takeKnown(values: Values, fields: readonly string[], prefix: string, errors: FieldError[]): Values {
  const unknown = Object.keys(values).filter((name) => !fields.includes(name));
  for (const name of unknown.slice(0, MOST_ERRORS)) {
    const field = printable(`${prefix}${name}`);
    const detail = `There is no field “${field}” here: known are ${fields.join(', ')}.`;
    errors.push({ field, code: 'field-unknown', detail });
  }
  return Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)));
}

const CODES: Record<Unrecordable['why'], RefusalCode> = {
  character: 'text-not-recordable',
  depth: 'body-too-deep',
  name: 'field-unknown',
  null: 'field-invalid',
  number: 'field-invalid',
};

/** A copy as a record holds it. What none can hold is named; it stays as it is, but for what lies too deep. */
function takeRecordable(
  value: unknown,
  path: string,
  errors: FieldError[],
  isShown: boolean,
  depth = 0,
): unknown {
  if (typeof value === 'object' && value !== null && depth <= MAX_DEPTH) {
    if (Array.isArray(value))
      return value.map((item, index) =>
        takeRecordable(item, `${path}[${index}]`, errors, isShown, depth + 1),
      );
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const field = shorten(path === '' ? printable(name) : `${path}.${printable(name)}`);
        if (!isRecordableName(name)) errors.push(unrecordable(field, new Unrecordable('', 'name'), ''));
        return [name, takeRecordable(member, field, errors, isShown, depth + 1)];
      }),
    );
  }
  const clean = makeRecordable(value, depth);
  if (!(clean instanceof Unrecordable)) return clean;
  const given = isShown && typeof value !== 'object' ? `is ${shownValue(value)} and ` : '';
  errors.push(unrecordable(path, clean, given));
  return clean.why === 'depth' ? null : value;
}

function unrecordable(field: string, { why, reason }: Unrecordable, given: string): FieldError {
  return { field, code: CODES[why], detail: `${field} ${given}${reason}.` };
}

/** Names that a client chose may be long, and lie deep. */
function shorten(path: string): string {
  return path.length > 180 ? `${path.slice(0, 180)}…` : path;
}
