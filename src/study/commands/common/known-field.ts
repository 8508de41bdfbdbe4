import type { TSchema } from 'typebox';
import type { CommandForm } from './command.js';
import { dataClassOf, fieldsOf } from './fields.js';

/** What every command has beside its body. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['id', 'study', 'command']);

/**
 * A path in the body of a command as its schema has it: as far as the schema names it, and without places in lists. So it
 * says nothing that was typed. Undefined where nothing of it is in the schema.
 */
export function knownField(definition: CommandForm, path: string): string | undefined {
  const [first = '', ...rest] = path.split(/[.[\]]+/).filter((name) => !/^\d*$/.test(name));
  if (ATTRIBUTES.has(first)) return first;
  const ofCommand = fieldsOf(definition.command).get(first);
  if (ofCommand) return [first, ...knownIn(ofCommand.schema, rest)].join('.');
  if (first !== 'data') return undefined;
  const [name = '', ...inside] = rest;
  const ofData = fieldsOf(dataClassOf(definition.command)).get(name);
  return ofData ? [first, name, ...knownIn(ofData.schema, inside)].join('.') : first;
}

function knownIn(schema: TSchema, [name, ...rest]: readonly string[]): string[] {
  const member = name === undefined ? undefined : memberOf(schema as Schema, name);
  return member ? [name as string, ...knownIn(member, rest)] : [];
}

interface Schema extends TSchema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function memberOf({ properties = {}, items, anyOf = [] }: Schema, name: string): Schema | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  for (const part of items ? [items, ...anyOf] : anyOf) {
    const member = memberOf(part, name);
    if (member) return member;
  }
  return undefined;
}
