import type { TSchema } from 'typebox';
import { ProtocolInputSchema } from '../../../src/study/protocol-input.js';
import { ProtocolSchema } from '../../../src/study/protocol.js';

interface Shape {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** Paths of members without a description. A quantity is described as a whole. */
function* undescribed(shape: Shape, path: string): Generator<string> {
  for (const part of [shape.items, ...(shape.anyOf ?? [])]) if (part) yield* undescribed(part, path);
  const members = Object.entries(shape.properties ?? {});
  if (members.map(([name]) => name).join() === 'value,unit') return;
  for (const [name, inner] of members) {
    if (inner.description === undefined) yield `${path}.${name}`;
    yield* undescribed(inner, `${path}.${name}`);
  }
}

it.each<[string, TSchema]>([
  ['a protocol', ProtocolSchema],
  ['a protocol as it is sent', ProtocolInputSchema],
])('every member of %s says what it means', (_, schema) => {
  expect([...undescribed(schema as Shape, '')]).toEqual([]);
});
