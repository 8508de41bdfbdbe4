import type { Type as TypeBox, TSchema } from 'typebox';

/*
 * The builders of TypeBox that the ledger uses, with TypeBox’s types and its JSON Schemas. The package itself is for the
 * compiler only: it has 373 modules, and to load them takes three times as long as to start Node.
 */

type Used =
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown';
type Options = object | undefined;

/** Properties that may be left out. A mark on the schema would be copied into what is published. */
const optional = new WeakSet<object>();

export const Type = {
  Array: (items: TSchema, options: Options) => ({ type: 'array', items, ...options }),
  Boolean: (options: Options) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly string[], options: Options) => ({ enum: values, ...options }),
  Integer: (options: Options) => ({ type: 'integer', ...options }),
  Literal: (value: string | number | boolean, options: Options) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Object(properties: Record<string, TSchema>, options: Options) {
    const required = Object.keys(properties).filter((name) => !optional.has(properties[name] as object));
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
  },
  Optional(schema: TSchema) {
    const copy = { ...schema };
    optional.add(copy);
    return copy;
  },
  Record: (key: { pattern?: string }, value: TSchema, options: Options) => ({
    type: 'object',
    patternProperties: { [key.pattern ?? '^.*$']: value },
    ...options,
  }),
  String: (options: Options) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly TSchema[], options: Options) => ({ anyOf, ...options }),
  Unknown: (options: Options) => ({ ...options }),
} as unknown as Pick<typeof TypeBox, Used>;
