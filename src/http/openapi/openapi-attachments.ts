import { MOST_ATTACHED_BYTES } from '../../store/attachments.js';
import { EVENTS } from '../../study/events/events.js';
import { ANYWHERE, OF_CALLERS } from '../platform/problems.js';
import { BYTES } from '../routes/read-routes.js';
import type { ReadRoute } from '../routes/read-route.js';
import { pathParameters } from './openapi-parameters.js';
import { object, orNull, text, treeSize } from './openapi-parts.js';
import { problemResponses } from './openapi-problems.js';
import { reference, shown, type Schema } from './openapi-schemas.js';

const { sha256, size, mediaType, name, kind } = EVENTS.AttachmentAdded.properties;
const number: Schema = { type: 'integer', minimum: 0, description: 'Number of a record.' };

export const ATTACHMENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  Attachments: object({
    study: text,
    treeSize,
    attachments: {
      type: 'array',
      items: object(
        {
          record: number,
          holder: { ...number, description: 'The record that holds now: the first, or its last correction.' },
          sha256: shown(sha256),
          size: shown(size),
          mediaType: shown(mediaType),
          name: shown(name),
          kind: shown(kind),
          contributor: text,
          comment: text,
          actor: text,
          occurredAt: text,
          recordedAt: text,
          withdrawnBy: { ...orNull('integer'), description: 'The record that withdrew it.' },
        },
        ['contributor', 'comment'],
      ),
    },
  }),
  KeptAttachment: object({ study: text, sha256: shown(sha256), size: shown(size) }),
};

/** Sending the bytes of a file. */
export function putOperation({ path, put }: ReadRoute): Schema {
  return {
    operationId: 'sendAttachment',
    tags: ['attachments'],
    summary: put!.summary,
    description: `At most ${MOST_ATTACHED_BYTES / 1_048_576} MB. What no record names within a day is deleted.`,
    parameters: pathParameters(path),
    requestBody: {
      required: true,
      content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } },
    },
    responses: {
      201: {
        description: 'Durable. AddAttachment can name it now.',
        content: { 'application/json': { schema: reference('KeptAttachment') } },
      },
      ...problemResponses([...ANYWHERE, ...OF_CALLERS, ...put!.refusals]),
    },
  };
}
