import type { TSchema } from 'typebox';
import { sharedBaseUnit } from '../quantity.js';
import { observation } from './fact-parts.js';
import { EVENTS, type FactType } from './events.js';

/** A member of a fact as a cell of a table. */
export interface PlainCell {
  readonly member: string;
  /** The member's name in snake case, and the unit where it is a quantity: `temperature_Cel`. */
  readonly column: string;
  readonly kind: 'quantity' | 'number' | 'boolean' | 'words' | 'word';
  /** The unit of the cell; that of the fact is converted to it. */
  readonly unit?: string;
  readonly required: boolean;
}

/** `PawTemperatureRecorded` → `paw-temperature`: what rows of a fact are called where nothing else is said. */
export function plainKind(type: FactType): string {
  return joinWords(type.replace(/[A-Z][a-z]+$/, ''), '-');
}

/**
 * How a fact becomes a row, and is read back from one, where nothing else is said: a cell for each member beside those that
 * any observation has.
 * @throws RangeError where a member is made of several values or names another record: such a fact needs rows of its own.
 */
export function plainCells(type: FactType): PlainCell[] {
  const { properties, required = [] } = EVENTS[type] as unknown as {
    properties: Record<string, TSchema>;
    required?: readonly string[];
  };
  return Object.entries(properties)
    .filter(([member]) => member !== 'flags' && member !== 'enteredAt' && !Object.hasOwn(observation, member))
    .map(([member, schema]) => plainCell(type, member, schema, required.includes(member)));
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly maximum?: number;
  readonly properties?: { readonly unit?: { readonly enum?: readonly string[] } };
}

function plainCell(type: FactType, member: string, schema: TSchema, required: boolean): PlainCell {
  const shape = schema as Shape;
  const column = joinWords(member, '_');
  const unit = sharedBaseUnit(shape.properties?.unit?.enum ?? []);
  if (unit !== undefined) {
    const named = unit.replace('%', 'percent').replaceAll('/', '_per_');
    return { member, column: `${column}_${named}`, kind: 'quantity', unit, required };
  }
  const isRecord = shape.maximum === Number.MAX_SAFE_INTEGER;
  if (shape.type === 'integer' && !isRecord) return { member, column, kind: 'number', required };
  if (shape.type === 'boolean') return { member, column, kind: 'boolean', required };
  if (shape.enum) return { member, column, kind: 'word', required };
  if (shape.type === 'string') {
    // Free text keeps its blanks; a code, a date or an identifier has none.
    const isFree = shape.format === undefined && (shape.pattern ?? '').includes('\\S');
    return { member, column, kind: isFree ? 'words' : 'word', required };
  }
  throw new RangeError(`${type}.${member} needs rows of its own: it is no single value`);
}

function joinWords(name: string, joint: string): string {
  return name.replace(/(?<!^)([A-Z])/g, `${joint}$1`).toLowerCase();
}
