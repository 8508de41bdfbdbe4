import type { TSchema } from 'typebox';

interface Parts {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
}

/** Describes a schema to readers who do not know JSON Schema. */
export function inWords(schema: TSchema): string {
  const parts = schema as Parts;
  if (parts.enum)
    return parts.enum.length > 1 ? `one of ${listed(parts.enum.map(String))}` : `“${String(parts.enum[0])}”`;
  if (parts.const !== undefined) return `“${parts.const}”`;
  if (parts.anyOf) return parts.anyOf.map(inWords).join('; or ');
  if (parts.properties) return objectInWords(parts);
  if (parts.items) return `a list of ${counted(parts)}, each ${inWords(parts.items)}`;
  if (parts.description !== undefined) return parts.description;
  if (parts.type === 'integer') return wholeNumber(parts);
  if (parts.type === 'boolean') return 'true or false';
  return 'text';
}

/** Describes a quantity by its units, and any other object by its members. */
function objectInWords({ properties = {}, required = [] }: Parts): string {
  const { value, unit, ...others } = properties;
  if (value && unit && Object.keys(others).length === 0) {
    return `a value as text and its unit, ${listed(((unit as Parts).enum ?? []).map(String))}`;
  }
  const names = Object.keys(properties);
  if (names.length === 0) return 'an object';
  if (names.length > 6) return `an object with ${names.join(', ')}`;
  const members = names.map((name) => {
    const optional = required.includes(name) ? '' : ', may be left out';
    return `${name} (${inWords(properties[name] as TSchema)}${optional})`;
  });
  return `an object with ${members.join(', ')}`;
}

function counted({ minItems = 0, maxItems }: Parts): string {
  if (maxItems === undefined) return `${minItems} or more`;
  return `${minItems} to ${maxItems}`;
}

function wholeNumber({ minimum, maximum }: Parts): string {
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
    return `a whole number from ${minimum} to ${maximum}`;
  }
  return minimum === undefined ? 'a whole number' : `a whole number, at least ${minimum}`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
