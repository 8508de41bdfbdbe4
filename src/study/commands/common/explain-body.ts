import { Unrecordable, makeRecordable } from '../../events/recordable.js';
import { impossibleIn } from '../../quantity.js';
import type { FieldError } from '../../refusal.js';
import type { RefusalCode } from '../../refusal-codes.js';
import { isPlainObject, printable } from '../../schema.js';
import type { CommandForm } from './command.js';
import { MOST_ERRORS, dataClassOf, errorsIn, fieldsOf } from './fields.js';

type Values = Record<string, unknown>;

/**
 * Everything that is wrong with a body: fields that nobody knows, what no record can hold, what class-validator says of the
 * fields, and quantities that cannot have been measured. What is wrong in one way is not said to be wrong in another.
 */
export function explainBody(definition: CommandForm, body: Values): FieldError[] {
  const fields = fieldsOf(definition.command);
  const dataClass = dataClassOf(definition.command);
  const errors: FieldError[] = [];
  const spoilt = new Set<string>();
  const known = takeKnown(body, [...fields.keys(), 'data'], '', errors);
  if (isPlainObject(known['data'])) {
    known['data'] = takeKnown(known['data'], [...fieldsOf(dataClass).keys()], 'data.', errors);
  } else {
    errors.push({ field: 'data', code: 'field-invalid', message: 'The body must have a “data” object.' });
    delete known['data'];
  }
  const clean = takeRecordable(known, errors, spoilt);
  const data = clean['data'] as object | undefined;
  const command = Object.assign(definition.create(), clean);
  if (data) Object.assign(command, { data: Object.assign(new dataClass(), data) });
  for (const error of errorsIn(command)) {
    if (spoilt.has(rootOf(error.field))) continue;
    errors.push(error);
  }
  for (const { field } of errors) spoilt.add(rootOf(field));
  for (const { path, most } of impossibleIn(data, 'data')) {
    if (spoilt.has(rootOf(path))) continue;
    const message = `${path} is more than ${most}: check the number and its unit.`;
    errors.push({ field: path, code: 'quantity-impossible', message });
  }
  return errors.slice(0, MOST_ERRORS);
}

/** A copy without the members that are no fields. */
function takeKnown(values: Values, fields: readonly string[], prefix: string, errors: FieldError[]): Values {
  const unknown = Object.keys(values).filter((name) => !fields.includes(name));
  for (const name of unknown.slice(0, MOST_ERRORS)) {
    const field = printable(`${prefix}${name}`);
    const message = `There is no field “${field}” here; known are ${fields.join(', ')}.`;
    errors.push({ field, code: 'field-unknown', message });
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

/** A copy without the fields that no record could hold. */
function takeRecordable(values: Values, errors: FieldError[], spoilt: Set<string>): Values {
  let rest = values;
  for (;;) {
    const clean = makeRecordable(rest);
    if (!(clean instanceof Unrecordable)) return clean as Values;
    const field = printable(clean.path.replace(/^\./, ''));
    errors.push({ field, code: CODES[clean.why], message: `${field} ${clean.reason}.` });
    const root = rootOf(field);
    spoilt.add(root);
    rest = root.startsWith('data.')
      ? { ...rest, data: omit(rest['data'] as Values, root.slice(5)) }
      : omit(rest, root);
  }
}

function omit(values: Values, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([other]) => other !== name));
}

/** The field of the command that a path lies in: `data.touches[3].filament` → `data.touches`. */
function rootOf(path: string): string {
  return /^(data\.)?[^.[]*/.exec(path)?.[0] ?? path;
}
