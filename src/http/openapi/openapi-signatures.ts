import { signRecords } from '../../study/commands/sign-records.command.js';
import { refusalsOf } from '../../study/commands/common/refusals-of.js';
import { StatementSchema } from '../../study/signatures/statement.js';
import { ANYWHERE, ANY_BODY, ANY_COMMAND, type ProblemCode } from '../platform/problems.js';
import { PrepareBody, SignBody } from '../signatures/bodies.js';
import { codeParameter } from './openapi-parameters.js';
import { object, text } from './openapi-parts.js';
import { problemResponses } from './openapi-problems.js';
import { reference, shown, type Schema } from './openapi-schemas.js';

const REFUSALS: readonly ProblemCode[] = [
  ...ANYWHERE,
  ...ANY_BODY,
  ...ANY_COMMAND,
  ...refusalsOf(signRecords),
  'attestation-missing',
  'name-missing',
];

const prepared = object({
  payload: { ...text, description: 'The bytes to be signed, base64: the canonical JSON of `shown`.' },
  ticket: { ...text, description: 'To be sent back within five minutes, in the same session.' },
  options: { type: 'object', description: 'For the browser’s `navigator.credentials.get`.' },
  shown: { description: 'An in-toto Statement v1: what is signed.', ...shown(StatementSchema) },
});

/** What signing has beside the reads: the POST of its two addresses. */
export function signaturePaths(): Record<'prepare' | 'signatures', Schema> {
  return {
    prepare: {
      operationId: 'prepareSignature',
      tags: ['signatures'],
      summary: 'Prepare a signature over records: what is shown, and what the passkey signs',
      description:
        'The challenge of the passkey is SHA-256 of the DSSE pre-authentication encoding of the payload. Nothing is recorded.',
      parameters: [codeParameter],
      requestBody: bodyOf(shown(PrepareBody), { meaning: 'approved', records: [1] }),
      responses: {
        200: { description: 'Prepared.', content: { 'application/json': { schema: prepared } } },
        ...problemResponses(REFUSALS),
      },
    },
    signatures: {
      operationId: 'signRecordsByPasskey',
      tags: ['signatures'],
      summary: 'Sign what was prepared',
      description: 'Records SignatureApplied. The same challenge is taken once.',
      parameters: [codeParameter],
      requestBody: bodyOf(shown(SignBody), { payload: '…', ticket: '…', credential: {} }),
      responses: {
        201: {
          description: 'Recorded: durable, and part of the tree.',
          content: { 'application/json': { schema: reference('Receipt') } },
        },
        ...problemResponses([
          ...REFUSALS,
          'assertion-invalid',
          'challenge-spent',
          'payload-invalid',
          'signing-key-missing',
        ]),
      },
    },
  };
}

function bodyOf(schema: Schema, example: object): Schema {
  return { required: true, content: { 'application/json': { schema, example } } };
}

export const SIGNATURE_SCHEMAS: Readonly<Record<string, Schema>> = {
  Signatures: object({
    study: text,
    treeSize: { type: 'integer' },
    root: text,
    signatures: {
      type: 'array',
      items: object(
        {
          record: { type: 'integer', description: 'Number of the SignatureApplied.' },
          meaning: text,
          printedName: text,
          person: text,
          role: text,
          time: text,
          zone: text,
          covers: {
            type: 'array',
            description: 'The records that were signed, both ends included.',
            items: object({ from: { type: 'integer' }, to: { type: 'integer' } }),
          },
          status: {
            enum: ['valid', 'superseded', 'broken'],
            description:
              '`superseded`: a record that was signed was corrected or withdrawn later. `broken`: it does not check.',
          },
          supersededBy: { type: 'integer', description: 'The record by which it was superseded.' },
          broken: { type: 'array', items: text, description: 'What does not check.' },
        },
        ['supersededBy', 'broken'],
      ),
    },
  }),
  Attestation: object({ text, sha256: { ...text, description: 'Of the text in UTF-8, hex.' } }),
};
