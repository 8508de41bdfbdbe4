import type { TSchema } from 'typebox';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import { ImportError } from '../import-error.js';

/** How the text of a cell becomes the value of a command’s field: told by the schema that the field has anyway. */
export type FieldKind =
  | { readonly kind: 'quantity'; readonly units: readonly string[] }
  | { readonly kind: 'text' | 'integer' | 'boolean' | 'date' | 'instant' | 'scores' | 'trials' | 'records' };

interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** @throws ImportError where the command has no such field, or none that a cell could fill. */
export function fieldKind(definition: CommandDefinition, path: string): FieldKind {
  const [first = '', ...rest] = path.split('.');
  const fields = fieldsOf(dataClassOf(definition.command));
  let shape: Shape | undefined = fields.get(first)?.schema as (TSchema & Shape) | undefined;
  if (!shape) {
    throw new ImportError(
      'mapping-field',
      `${definition.name} has no field “${path}”; known are ${[...fields.keys()].join(', ')}.`,
    );
  }
  for (const name of rest) {
    const known: Readonly<Record<string, Shape>> = shape?.properties ?? {};
    shape = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!shape) {
      const names = Object.keys(known).join(', ') || 'none';
      throw new ImportError(
        'mapping-field',
        `${definition.name} has no field “${path}”; known there are ${names}.`,
      );
    }
  }
  const kind = kindOf(shape);
  if (kind) return kind;
  throw new ImportError(
    'mapping-field',
    `“${path}” of ${definition.name} is made of several values: map each of them, such as “${path}.${Object.keys(shape?.properties ?? {})[0] ?? '…'}”.`,
  );
}

function kindOf(shape: Shape | undefined): FieldKind | undefined {
  const { value, unit } = shape?.properties ?? {};
  if (value && unit) return { kind: 'quantity', units: unit.enum ?? [] };
  switch (shape?.type) {
    case 'integer':
      return { kind: 'integer' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'array':
      if (shape.items?.type === 'integer') return { kind: 'records' };
      if (shape.items?.anyOf) return { kind: 'trials' };
      return shape.items?.properties?.['score'] ? { kind: 'scores' } : undefined;
    case 'object':
      return undefined;
    default:
      if (shape?.format === 'calendar-date') return { kind: 'date' };
      return { kind: shape?.format === 'instant' ? 'instant' : 'text' };
  }
}
