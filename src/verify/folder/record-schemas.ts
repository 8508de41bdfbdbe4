import { ACCESS_EVENTS, accessSchemaOf, type AccessEventType } from '../../lab/access.js';
import { LAB_EVENTS, labSchemaOf, type LabEventType } from '../../lab/events.js';
import { EVENTS, SCHEMA_VERSION, type EventType } from '../../study/events/events.js';
import { schemaOf, schemaUrn } from '../../study/record.js';

/** Every record type's JSON Schema (draft 2020-12), by type and version. */
export function allSchemas(): Record<string, object> {
  const schemas: Record<string, object> = {};
  const add = (type: string, schema: object): void => {
    schemas[`${type}.${SCHEMA_VERSION}`] = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: schemaUrn(type),
      title: type,
      ...schema,
    };
  };
  for (const type of Object.keys(LAB_EVENTS)) add(type, labSchemaOf(type as LabEventType));
  for (const type of Object.keys(ACCESS_EVENTS)) add(type, accessSchemaOf(type as AccessEventType));
  for (const type of Object.keys(EVENTS)) add(type, schemaOf(type as EventType));
  return schemas;
}
