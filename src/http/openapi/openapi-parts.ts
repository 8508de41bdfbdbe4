import type { Schema } from './openapi-schemas.js';

/** What the schemas of several answers are made of. */
export const treeSize = {
  type: 'integer',
  minimum: 0,
  description: 'Number of records that the answer rests on: #0 … #n−1.',
};
export const root = { type: 'string', description: 'RFC 6962 root of the tree at that size, base64.' };
export const text = { type: 'string' };
export const orNull = (type: string): Schema => ({ type: [type, 'null'] });

export function object(properties: Record<string, unknown>, optional: readonly string[] = []): Schema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  };
}
