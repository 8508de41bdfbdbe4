import { ValidateBy } from 'class-validator';
import type { TSchema } from 'typebox';
import { matches, mismatch, type Mismatch } from '../../schema.js';

/**
 * The decorators that command classes are written with. Each field names a word of the shared vocabulary, so that one
 * schema validates it (through class-validator), documents it in OpenAPI, and shapes the record that it becomes.
 */
export interface Field {
  readonly schema: TSchema;
  readonly description: string;
  readonly required: boolean;
}

type Constructor = abstract new (...args: never[]) => object;

const fields = new WeakMap<object, Map<string, Field>>();
const dataClasses = new WeakMap<object, new () => object>();

export function Required(schema: TSchema, description: string): PropertyDecorator {
  return field({ schema, description, required: true });
}

/** What is absent is left out; null is not a way to say so. */
export function Optional(schema: TSchema, description: string): PropertyDecorator {
  return field({ schema, description, required: false });
}

/**
 * The facts of a command: a class of decorated fields. All fields of a command, its own and those of its facts, are one
 * constraint to class-validator, not one each with a nested validation around them, which would cost more than everything
 * else that a command passes through.
 */
export function Data(dataClass: new () => object): PropertyDecorator {
  return (target, key) => {
    dataClasses.set(target.constructor, dataClass);
    ValidateBy({
      name: 'fields',
      validator: {
        validate: (_data, args) => amissIn(args?.object as Command) === undefined,
        defaultMessage: (args) => amissIn(args?.object as Command) ?? '',
      },
    })(target, key);
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

function field(definition: Field): PropertyDecorator {
  return (target, key) => {
    const owner = target.constructor;
    const own = fields.get(owner) ?? new Map<string, Field>();
    fields.set(owner, own.set(String(key), definition));
  };
}

type Command = object & { readonly constructor: Constructor; readonly data: object };

/** What is wrong with the first field that is, its path and a message parted by a line feed: all that crosses is text. */
function amissIn(command: Command): string | undefined {
  const { constructor, data } = command;
  const amiss = firstAmiss(dataClassOf(constructor), data);
  return amiss === undefined ? firstAmiss(constructor, command) : `data.${amiss}`;
}

function firstAmiss(owner: Constructor, values: object): string | undefined {
  for (const [name, definition] of fieldsOf(owner)) {
    const value = (values as Record<string, unknown>)[name];
    if (fits(definition, value)) continue;
    const { path, message } = explain(definition, value);
    return `${name}${path === '' || path.startsWith('[') ? path : `.${path}`}\n${message}`;
  }
  return undefined;
}

function fits({ schema, required }: Field, value: unknown): boolean {
  return value === undefined ? !required : matches(schema, value);
}

function explain({ schema, description }: Field, value: unknown): Mismatch {
  if (value === undefined) return { path: '', message: `is missing: ${description.replace(/\.$/, '')}` };
  return mismatch(schema, value) ?? { path: '', message: 'is not valid' };
}
