import type { TSchema } from 'typebox';
import { isPlainObject, matches } from '../../study/schema.js';
import { shapeOf } from './field-kind.js';

/** The form that a value has, or comes nearest to. */
export function variantOf(variants: readonly TSchema[], value: unknown): number {
  const fitting = variants.findIndex((one) => matches(one, value));
  if (fitting >= 0) return fitting;
  const alike = (schema: TSchema): number => {
    const members = shapeOf(schema).properties;
    if (!members || !isPlainObject(value)) return typeof value === 'string' && !members ? 1 : -1;
    const shared = Object.keys(value).filter((name) => Object.hasOwn(members, name));
    const contradicts = shared.some((name) => {
      const constant = shapeOf(members[name]!).const;
      return constant !== undefined && constant !== value[name];
    });
    return contradicts ? -1 : shared.length;
  };
  const scores = variants.map(alike);
  return scores.indexOf(Math.max(...scores));
}
