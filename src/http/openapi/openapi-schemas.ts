import type { TSchema } from 'typebox';
import { CATALOGUE } from '../../study/catalogue.js';
import { dataClassOf, fieldsOf, type Field } from '../../study/commands/common/fields.js';
import { FOLLOWED } from '../../study/commands/correct-record.command.js';
import { SENT_TO_LAB } from '../../lab/commands/catalogue.js';
import type { LabDefinition } from '../../lab/commands/common/lab-command.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import * as quantities from '../../study/quantity.js';
import * as vocabulary from '../../study/schema.js';
import { ProtocolInputSchema } from '../../study/protocol-input.js';
import { LadderSchema } from '../../study/protocol/measurements.js';

/** A JSON Schema 2020-12 as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** Schemas of the shared vocabulary, which the document names once. They are found by content, so copies are found too. */
const WORDS: Readonly<Record<string, unknown>> = {
  ...vocabulary,
  ...quantities,
  Ladder: LadderSchema,
  Protocol: ProtocolInputSchema,
};
const NAMED = new Map(
  Object.entries(WORDS)
    .filter((entry): entry is [string, TSchema] => isSchema(entry[1]))
    .filter(([, schema]) => 'properties' in schema || 'description' in schema)
    .map(([name, schema]) => [JSON.stringify(schema), name] as const)
    .reverse(),
);

function isSchema(value: unknown): value is TSchema {
  return (
    typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value || 'enum' in value)
  );
}

export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A schema of the ledger in the terms of the document: named parts by reference, formats by their registered names. */
export function shown(schema: TSchema): Schema {
  const bare = vocabulary.withoutMeaning(schema);
  const name = NAMED.get(JSON.stringify(bare));
  if (name === undefined) return spelledOut(schema);
  const { description } = schema as { description?: string };
  return bare === schema || description === undefined ? reference(name) : { ...reference(name), description };
}

function spelledOut(schema: TSchema): Schema {
  const plain = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  const own = schema as Record<string, unknown>;
  if ('enum' in plain && !('type' in plain)) plain['type'] = 'string';
  if (plain['format'] === 'instant') plain['format'] = 'date-time';
  if (plain['format'] === 'calendar-date') plain['format'] = 'date';
  if (isSchema(own['items'])) plain['items'] = shown(own['items']);
  if (Array.isArray(own['anyOf'])) plain['anyOf'] = (own['anyOf'] as TSchema[]).map(shown);
  if (typeof own['properties'] === 'object' && own['properties'] !== null) {
    const entries = Object.entries(own['properties'] as Record<string, TSchema>);
    plain['properties'] = Object.fromEntries(entries.map(([key, inner]) => [key, shown(inner)]));
  }
  return plain;
}

/** A correction is corrected by correcting the record that it corrects. */
const NEVER_CORRECTED: readonly string[] = [...Object.keys(FOLLOWED), 'RecordCorrected', 'RecordVoided'];

/** The schema of a command's data, from the fields of its class. A correction names members of the data of another command. */
function dataSchema({ command, records }: CommandDefinition): Schema {
  const data = objectOf(fieldsOf(dataClassOf(command)));
  if (records !== 'RecordCorrected') return data;
  const properties = data['properties'] as Record<string, Schema>;
  const { description } = properties['corrected']!;
  const anyOf = CATALOGUE.filter((other) => !NEVER_CORRECTED.includes(other.records)).map((other) => {
    const fields = [...fieldsOf(dataClassOf(other.command))].map(
      ([name, field]) => [name, { ...field, schema: partial(field.schema), required: false }] as const,
    );
    return { title: `Of ${other.name}`, ...objectOf(new Map(fields)) };
  });
  return { ...data, properties: { ...properties, corrected: { description, anyOf } } };
}

/** The same schema with no member required, at any depth of objects; a list is stated as a whole. */
function partial(schema: TSchema): TSchema {
  const { properties, required: _, ...rest } = vocabulary.withoutMeaning(schema) as Shape;
  if (!properties) return schema;
  const entries = Object.entries(properties).map(([name, member]) => [name, partial(member)] as const);
  const { description } = schema as Shape;
  return {
    ...rest,
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(entries),
  };
}

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

/** The schema of a command's body, from the fields of its class. */
function bodySchema(definition: CommandDefinition): Schema {
  const { properties, required } = objectOf(fieldsOf(definition.command));
  return {
    type: 'object',
    description: `${definition.summary}. Records ${definition.records}.`,
    properties: { ...(properties as object), data: reference(`${definition.name}Data`) },
    required: [...(required as string[]), ...(definition.reasonRequired ? ['reason'] : []), 'data'],
    additionalProperties: false,
  };
}

function objectOf(fields: ReadonlyMap<string, Field>): Schema {
  const entries = [...fields].map(([name, field]) => [name, property(field)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(entries),
    required: [...fields].filter(([, { required }]) => required).map(([name]) => name),
    additionalProperties: false,
  };
}

function property({ schema, description }: Field): Schema {
  const plain = shown(schema);
  const own = plain['description'];
  return { ...plain, description: typeof own === 'string' ? `${description} As ${own}.` : description };
}

/** The schemas of a command of the lab: its body holds its data and nothing else. */
function labSchemas({ name, summary, records, command }: LabDefinition): [string, Schema][] {
  const body = {
    type: 'object',
    description: `${summary}. Records ${records}.`,
    properties: { data: reference(`${name}Data`) },
    required: ['data'],
    additionalProperties: false,
  };
  return [
    [name, body],
    [`${name}Data`, objectOf(fieldsOf(dataClassOf(command)))],
  ];
}

/** The named schemas of the shared vocabulary and of the bodies of commands. */
export function commandSchemas(): Record<string, Schema> {
  const bodies = Object.fromEntries(
    CATALOGUE.flatMap((definition) => [
      [definition.name, bodySchema(definition)],
      [`${definition.name}Data`, dataSchema(definition)],
    ]),
  ) as Record<string, Schema>;
  const words: Record<string, Schema> = {};
  for (const [text, name] of NAMED) words[name] = spelledOut(JSON.parse(text) as TSchema);
  return { ...words, ...bodies, ...Object.fromEntries(SENT_TO_LAB.flatMap(labSchemas)) };
}

/** The parts that something refers to, directly or through another part. */
export function usedBy(
  kind: 'schemas' | 'responses',
  root: unknown,
  parts: Readonly<Record<string, Schema>>,
): Record<string, Schema> {
  const used = new Set<string>();
  const visit = (text: string): void => {
    for (const [, name = ''] of text.matchAll(new RegExp(`"#/components/${kind}/(\\w+)"`, 'g'))) {
      if (used.has(name)) continue;
      used.add(name);
      visit(JSON.stringify(parts[name]));
    }
  };
  visit(JSON.stringify(root));
  return Object.fromEntries(Object.entries(parts).filter(([name]) => used.has(name)));
}
