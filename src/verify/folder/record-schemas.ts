import { ACCESS_EVENTS, accessSchemaOf, type AccessEventType } from '../../lab/access.js';
import { LAB_EVENTS, labSchemaOf, type LabEventType } from '../../lab/events.js';
import { EVENTS, type EventType } from '../../study/events/events.js';
import { UPCASTERS } from '../../study/events/upcast.js';
import { versionOf } from '../../study/events/versions.js';
import { recordSchema, schemaOf, schemaUrn } from '../../study/record.js';

/** Every record type's JSON Schemas (draft 2020-12), by type and version: those of today and every one released before. */
export function allSchemas(): Record<string, object> {
  const schemas: Record<string, object> = {};
  const add = (type: string, schema: object, version = versionOf(type)): void => {
    schemas[`${type}.${version}`] = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: schemaUrn(type, version),
      title: type,
      ...schema,
    };
  };
  for (const type of Object.keys(LAB_EVENTS)) add(type, labSchemaOf(type as LabEventType));
  for (const type of Object.keys(ACCESS_EVENTS)) add(type, accessSchemaOf(type as AccessEventType));
  for (const type of Object.keys(EVENTS)) add(type, schemaOf(type as EventType));
  for (const { type, from, schema } of UPCASTERS) add(type, recordSchema(type, from, schema), from);
  return schemas;
}
