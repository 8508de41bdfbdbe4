import { object, orNull, text } from './openapi-parts.js';
import { reference, type Schema } from './openapi-schemas.js';

/** What is due, as the read and the projection of that name answer it. */
export const DUE_SCHEMAS: Readonly<Record<string, Schema>> = {
  Due: {
    allOf: [reference('Placed'), object({ tasks: { type: 'array', items: reference('Task') } })],
  },
  Task: {
    ...object({
      animal: text,
      kind: text,
      what: { ...text, description: 'In words.' },
      command: { ...text, description: 'The command that records it.' },
      data: { type: 'object', description: 'As much of the command’s data as is known before.' },
      from: { ...text, description: 'The instant from which it can be begun.' },
      due: {
        ...orNull('string'),
        description: 'The instant at which it is due; null where the protocol sets none.',
      },
      overdueAfter: orNull('string'),
      until: { ...orNull('string'), description: 'From then on nothing is asked for.' },
      wholeDay: { type: 'boolean', description: 'Whether the times are the beginnings and ends of days.' },
      why: { ...text, description: 'The clause of the protocol.' },
      records: { type: 'array', items: { type: 'integer' }, description: 'Records that it rests on.' },
    }),
    description: 'Something that an animal waits for.',
  },
};
