import type { ValidationError } from 'class-validator';
// The package as a whole loads 300 files of validators that nothing here uses, and every start would wait for them.
import { ValidateNested } from 'class-validator/cjs/decorator/common/ValidateNested.js';
import { registerDecorator } from 'class-validator/cjs/register-decorator.js';
import { Validator } from 'class-validator/cjs/validation/Validator.js';
import type { TSchema } from 'typebox';
import { MOST_ERRORS, type FieldError } from '../../refusal.js';
import { describeMissing, explainMismatch, mismatches } from '../../mismatch.js';
import { matches } from '../../schema.js';

/**
 * The decorators that command classes are written with. Each field names a word of the shared vocabulary, so that one
 * schema validates it (through class-validator), documents it in OpenAPI, and shapes the record that it becomes.
 */
export interface Field {
  readonly schema: TSchema;
  readonly description: string;
  readonly required: boolean;
}

export type Constructor = abstract new (...args: never[]) => object;

const fields = new WeakMap<object, Map<string, Field>>();
const dataClasses = new WeakMap<object, new () => object>();

export function Required(schema: TSchema, description: string): PropertyDecorator {
  return field({ schema, description, required: true });
}

/** What is absent is left out; null is not a way to say so. */
export function Optional(schema: TSchema, description: string): PropertyDecorator {
  return field({ schema, description, required: false });
}

/** The facts of a command: a class of fields of its own, which class-validator validates inside the command. */
export function Data(dataClass: new () => object): PropertyDecorator {
  return (target, key) => {
    dataClasses.set(target.constructor, dataClass);
    ValidateNested()(target, key);
  };
}

const allFields = new WeakMap<object, ReadonlyMap<string, Field>>();

/** Every field of a class, inherited ones first. */
export function fieldsOf(owner: Constructor): ReadonlyMap<string, Field> {
  let all = allFields.get(owner);
  if (all) return all;
  const parent = Object.getPrototypeOf(owner) as Constructor | null;
  const inherited = parent && parent !== Function.prototype ? fieldsOf(parent) : [];
  all = new Map([...inherited, ...(fields.get(owner) ?? [])]);
  allFields.set(owner, all);
  return all;
}

export function dataClassOf(command: Constructor): new () => object {
  const found = dataClasses.get(command);
  if (!found) throw new TypeError(`${command.name} declares no @Data`);
  return found;
}

/** Each field is a constraint of its own, with the compiled schema of its word behind it. */
function field(definition: Field): PropertyDecorator {
  return (target, key) => {
    const owner = target.constructor;
    const own = fields.get(owner) ?? new Map<string, Field>();
    fields.set(owner, own.set(String(key), definition));
    registerDecorator({
      name: 'schema',
      target: owner,
      propertyName: String(key),
      validator: {
        validate: (value) => fits(definition, value),
        defaultMessage: () => 'does not fit',
      },
    });
  };
}

function fits({ schema, required }: Field, value: unknown): boolean {
  return value === undefined ? !required : matches(schema, value);
}

/**
 * What class-validator says is wrong with a command: the facts first, each class in the order of its fields; with
 * the values that were sent, where they may be shown.
 */
export function errorsIn(command: object, isShown = true): FieldError[] {
  const errors = new Validator().validateSync(command, { forbidUnknownValues: true });
  const ofFacts = errors.filter(({ children }) => children && children.length > 0);
  const others = errors.filter((error) => !ofFacts.includes(error));
  return [
    ...ofFacts.flatMap(({ property, children }) => inOrder(children, `${property}.`, isShown)),
    ...inOrder(others, '', isShown),
  ];
}

function inOrder(errors: readonly ValidationError[] = [], prefix: string, isShown: boolean): FieldError[] {
  const owner = (errors[0]?.target?.constructor ?? Object) as Constructor;
  const definitions = fieldsOf(owner);
  const names = [...definitions.keys()];
  return [...errors]
    .sort((a, b) => names.indexOf(a.property) - names.indexOf(b.property))
    .flatMap(({ property, value }) =>
      explain(definitions.get(property)!, value, `${prefix}${property}`, isShown),
    );
}

/** Everything that is wrong with the value of one field. */
function explain(
  { schema, description }: Field,
  value: unknown,
  field: string,
  isShown: boolean,
): FieldError[] {
  if (value === undefined)
    return [{ field, code: 'field-missing', detail: `${field} ${describeMissing(schema, description)}.` }];
  return mismatches(schema, value, MOST_ERRORS).map((amiss) => {
    const { path, code = 'field-invalid', message } = amiss;
    const inner = `${field}${path === '' || path.startsWith('[') ? path : `.${path}`}`;
    return { field: inner, code, detail: `${inner} ${isShown ? explainMismatch(amiss) : message}.` };
  });
}

/**
 * Whether everything fits, by the same compiled schemas: what class-validator itself takes to say so of one command, 16 µs, is
 * more than parsing and deciding take together.
 */
export function allFit(owner: Constructor, values: object): boolean {
  for (const [name, definition] of fieldsOf(owner))
    if (!fits(definition, (values as Record<string, unknown>)[name])) return false;
  return true;
}
