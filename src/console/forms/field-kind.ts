import type { TSchema } from 'typebox';
import { matches, withoutMeaning } from '../../study/schema.js';

/** How a field is typed: what its schema allows decides that, so that a form and what reads it never differ. */
export type FieldKind =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'constant'; readonly value: string | number | boolean }
  | { readonly kind: 'boolean' | 'integer' | 'decimal' | 'instant' | 'date' | 'line' | 'text' | 'json' }
  | { readonly kind: 'quantity'; readonly units: readonly string[] }
  | { readonly kind: 'group'; readonly members: Readonly<Record<string, TSchema>> }
  /** Any number of a few words. */
  | { readonly kind: 'several'; readonly options: readonly string[] }
  /** Short values in one line, a comma between. */
  | { readonly kind: 'few'; readonly items: TSchema }
  | { readonly kind: 'list'; readonly items: TSchema }
  /** One of several forms. */
  | { readonly kind: 'variants'; readonly variants: readonly TSchema[] };

/** The part of JSON Schema that the vocabulary uses. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string | number | boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly minItems?: number;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  readonly description?: string;
}

export function shapeOf(schema: TSchema): Shape {
  return schema as Shape;
}

export function kindOf(schema: TSchema): FieldKind {
  const shape = shapeOf(schema);
  if (shape.const !== undefined) return { kind: 'constant', value: shape.const };
  if (shape.enum) return { kind: 'choice', options: shape.enum };
  if (shape.anyOf) return { kind: 'variants', variants: shape.anyOf };
  switch (shape.type) {
    case 'boolean':
    case 'integer':
      return { kind: shape.type };
    case 'string':
      return { kind: textKind(schema) };
    case 'array':
      return listKind(shape.items!);
    case 'object':
      return objectKind(shape);
    default:
      return { kind: 'json' };
  }
}

function textKind(schema: TSchema): 'decimal' | 'instant' | 'date' | 'line' | 'text' {
  const { format, maxLength } = shapeOf(schema);
  if (format === 'instant') return 'instant';
  if (format === 'calendar-date') return 'date';
  // The three decimals differ in their signs only, and their descriptions begin alike.
  if (shapeOf(withoutMeaning(schema)).description?.startsWith('a decimal number')) return 'decimal';
  return maxLength !== undefined && maxLength > 400 ? 'text' : 'line';
}

function listKind(items: TSchema): FieldKind {
  const item = kindOf(items);
  if (item.kind === 'choice') return { kind: 'several', options: item.options };
  const isShort = item.kind === 'line' || item.kind === 'integer' || item.kind === 'decimal';
  // What may hold a comma itself stands on a line of its own.
  return isShort && !matches(withoutMeaning(items), 'a, b')
    ? { kind: 'few', items }
    : { kind: 'list', items };
}

function objectKind({ properties = {} }: Shape): FieldKind {
  const names = Object.keys(properties);
  if (names.length === 0) return { kind: 'json' };
  const { value, unit } = properties;
  const units = unit && shapeOf(unit).enum;
  if (names.length === 2 && value && units) return { kind: 'quantity', units };
  return { kind: 'group', members: properties };
}

/** Whether an object has to have a member. */
export function isRequired(schema: TSchema, name: string): boolean {
  return shapeOf(schema).required?.includes(name) === true;
}
