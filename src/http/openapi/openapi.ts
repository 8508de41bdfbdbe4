import { CATALOGUE, routeOf } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { ClientCommandId } from '../../study/schema.js';
import { codeParameter, pathParameters, queryParameter } from './openapi-parameters.js';
import { problemResponses, sharedResponses } from './openapi-problems.js';
import { RESPONSE_SCHEMAS } from './openapi-responses.js';
import { commandSchemas, reference, shown, usedBy, type Schema } from './openapi-schemas.js';
import { refusalsOf } from '../../study/commands/common/refusals-of.js';
import { ATTACHMENT_SCHEMAS, putOperation } from './openapi-attachments.js';
import { QUALITY_SCHEMAS } from './openapi-quality.js';
import { importPaths } from './openapi-imports.js';
import { SIGNATURE_SCHEMAS, signaturePaths } from './openapi-signatures.js';
import { ACTING_ROLE, SECURITY_SCHEMES, peoplePaths } from './openapi-people.js';
import { ANYWHERE, ANY_BODY, ANY_COMMAND, OF_CALLERS, type ProblemCode } from '../platform/problems.js';
import { COMMAND_PATH, SITE } from '../routes/all-routes.js';
import { API } from '../../shared/api-prefix.js';
import { SIGNATURE_ROUTES } from '../routes/signature-routes.js';
import { BYTES, READS } from '../routes/read-routes.js';
import type { ReadRoute } from '../routes/read-route.js';
import { VERSION } from '../../shared/version.js';

const ABOUT = `An event-sourced ledger of in-vivo pain studies: every command appends records, every read is computed from them.

A command is sent under an Idempotency-Key, a UUID; sent again under the same key it is answered with the first receipt and recorded once. Every read of a study takes \`at\` (as known then) and \`until\` (as had happened by then). The ETag of an answer is the tree size that it rests on.

People sign in by passkey, or through the institution’s provider; programs act for a person by a token, sent as \`Authorization: Bearer\`. A POST with a cookie says its Origin. A study that one may not read is answered like one that is not there. A simulated ledger is read without signing in.`;

/**
 * The OpenAPI 3.1 document of this version, computed from the catalogue of commands and the list of reads. Its kinds of
 * operation are read together, although the file is long.
 */
export function openApiDocument(): Schema {
  const paths = {
    ...commandPaths(),
    ...importPaths(),
    ...peoplePaths(),
    ...readPaths(),
    ...signing(),
    ...sitePaths(),
  };
  const responses = usedBy('responses', paths, sharedResponses());
  const schemas = usedBy('schemas', [paths, responses], {
    ...commandSchemas(),
    ...RESPONSE_SCHEMAS,
    ...ATTACHMENT_SCHEMAS,
    ...SIGNATURE_SCHEMAS,
    ...QUALITY_SCHEMAS,
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Study Ledger',
      version: VERSION,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:3000' }],
    // A simulated ledger also answers those who are not signed in.
    security: [{ session: [] }, { token: [] }, {}],
    tags: [
      ...[...new Set(CATALOGUE.map(({ phase }) => phase))].map((phase) => ({
        name: phase,
        description: `Commands: ${phase}.`,
      })),
      { name: 'imports', description: 'Spreadsheets become records.' },
      { name: 'attachments', description: 'Files that records name by digest.' },
      { name: 'signatures', description: 'Records are signed with a passkey.' },
      { name: 'sign-in', description: 'Signing in and out, and enrolling passkeys.' },
      { name: 'people', description: 'Commands about people, roles, keys and sites.' },
      { name: 'reads', description: 'What the records say.' },
      { name: 'server', description: 'What the server says about itself.' },
    ],
    paths,
    components: { responses, schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

function signing(): Record<string, Schema> {
  const { prepare, signatures } = signaturePaths();
  return {
    [template(SIGNATURE_ROUTES.prepare)]: { post: prepare },
    [template(SIGNATURE_ROUTES.signatures)]: {
      post: signatures,
      get: readOperation('signatures', READS.signatures),
    },
  };
}

const etag: Schema = {
  description: 'The tree size that the answer rests on, quoted.',
  schema: { type: 'string', pattern: '^"[0-9]+"$' },
  example: '"58"',
};

const contentTag: Schema = {
  description: 'A digest of the answer, which rests on more than one tree, quoted.',
  schema: { type: 'string', pattern: '^"[A-Za-z0-9_-]{22}"$' },
  example: '"2zQm6HgGjSjSabbIcXIyLO"',
};

function commandPaths(): Record<string, Schema> {
  return Object.fromEntries(
    CATALOGUE.map((definition) => [
      template(COMMAND_PATH.replace(':command', routeOf(definition.name))),
      { post: commandOperation(definition) },
    ]),
  );
}

function commandOperation(definition: CommandDefinition): Schema {
  const { name, phase, summary, records, example } = definition;
  const key = 'The command’s id, a UUID; the same id is answered with the first receipt.';
  return {
    operationId: camel(name),
    tags: [phase],
    summary,
    description: `Records ${records}.`,
    parameters: [
      codeParameter,
      {
        name: 'Idempotency-Key',
        in: 'header',
        description: `${key} Made here where left out.`,
        schema: shown(ClientCommandId),
      },
      ACTING_ROLE,
      queryParameter('dryRun'),
    ],
    requestBody: { required: true, content: { 'application/json': { schema: reference(name), example } } },
    responses: {
      200: { description: 'Decided by `dryRun`, and not recorded.', content: json(reference('WouldRecord')) },
      201: {
        description: 'Recorded: durable, and part of the tree.',
        headers: {
          ETag: etag,
          'Idempotency-Key': { description: key, schema: shown(ClientCommandId) },
          Location: { description: 'The first record.', schema: { type: 'string', format: 'uri-reference' } },
        },
        content: json(reference('Receipt')),
      },
      ...problemResponses([...ANYWHERE, ...ANY_COMMAND, ...refusalsOf(definition)]),
    },
  };
}

const ANSWERS: Readonly<Record<keyof typeof READS, string>> = {
  studies: 'Studies',
  study: 'Study',
  projections: 'Projections',
  projection: 'Placed',
  due: 'Due',
  file: '',
  mappings: 'ImportMappings',
  mapping: '',
  attachments: 'Attachments',
  attachment: '',
  records: 'RecordPage',
  record: 'RecordWithCorrections',
  findings: 'InspectionFindings',
  nextFilament: 'NextFilament',
  feed: '',
  welfareAlerts: 'WelfareAlerts',
  welfareReturn: '',
  checkpoint: '',
  proof: '',
  consistency: 'Consistency',
  labRecords: 'LogRecordPage',
  people: 'People',
  me: 'Me',
  attestation: 'Attestation',
  signatures: 'Signatures',
  labCheckpoint: '',
  labProof: '',
  labConsistency: 'Consistency',
  accessRecords: 'LogRecordPage',
  accessCheckpoint: '',
  accessProof: '',
  accessConsistency: 'Consistency',
};

function readPaths(): Record<string, Schema> {
  const entries = Object.entries(READS) as [keyof typeof READS, ReadRoute][];
  return Object.fromEntries(
    entries.map(([name, read]) => {
      const get = readOperation(name, read);
      const post = read.body && postOperation(get, read);
      return [
        template(read.path),
        { get, ...(post && { post }), ...(read.put && { put: putOperation(read) }) },
      ];
    }),
  );
}

function readOperation(name: keyof typeof READS, read: ReadRoute): Schema {
  const { path, summary, parameters, refusals, about, text, answer = 'The answer.', headers } = read;
  // The feed is continued by cursor; every other answer has an entity tag.
  const tag = headers ? undefined : isOfLog(path) ? etag : contentTag;
  const older: readonly ProblemCode[] = parameters.includes('atLeast') ? ['tree-size-not-reached'] : [];
  const known = {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of an answer at hand: 304 where it still is the answer.',
    schema: { type: 'string' },
  };
  return {
    operationId: camel(name),
    tags: ['reads'],
    summary,
    parameters: [
      ...pathParameters(path),
      ...parameters.map((parameter) => queryParameter(parameter, about?.[parameter])),
      ...(tag ? [known] : []),
      ...described(headers?.request).map(([header, about]) => ({ ...about, name: header, in: 'header' })),
    ],
    responses: {
      200: {
        description: answer,
        ...(tag && { headers: { ETag: tag } }),
        ...(headers && { headers: Object.fromEntries(described(headers.response)) }),
        content:
          text === undefined
            ? json(reference(ANSWERS[name]))
            : Object.fromEntries(text.map((media) => [media, { schema: shapeOf(media) }])),
      },
      ...(tag && { 304: { description: 'Not modified.', headers: { ETag: tag } } }),
      ...problemResponses([...ANYWHERE, ...OF_CALLERS, 'parameter-repeated', ...older, ...refusals]),
    },
  };
}

/** The same as a POST, with a body instead of a query and without entity tags. */
function postOperation(get: Schema, { path, body, refusals }: ReadRoute): Schema {
  const { description, content } = (get['responses'] as Record<string, Schema>)[200] as Schema;
  return {
    ...get,
    operationId: `${get['operationId'] as string}Asked`,
    summary: body!.summary,
    parameters: pathParameters(path),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: shown(body!.schema), example: body!.example } },
    },
    responses: {
      200: { description, content },
      ...problemResponses([
        ...ANYWHERE,
        ...OF_CALLERS,
        ...ANY_BODY,
        'parameter-repeated',
        ...refusals,
        ...body!.refusals,
      ]),
    },
  };
}

function described(headers: Readonly<Record<string, string>> = {}): [string, Schema][] {
  return Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
}

/** The schema of a body that is not described further. */
function shapeOf(mediaType: string): Schema {
  if (mediaType === 'application/json') return { type: 'object' };
  return mediaType === 'application/zip' || mediaType === BYTES
    ? { type: 'string', format: 'binary' }
    : { type: 'string' };
}

/** Whether the answer is computed from one log, and so has a tree size. */
function isOfLog(path: string): boolean {
  return path.includes(':code') || path.startsWith(`${API}/lab/`) || path.startsWith(`${API}/access/`);
}

function sitePaths(): Record<string, Schema> {
  const text = { schema: { type: 'string' } };
  const content: Record<keyof typeof SITE, Schema> = {
    docs: { 'text/html': text },
    openapi: json({ type: 'object' }),
    health: json(reference('Health')),
    ready: json(reference('Ready')),
    metrics: { 'text/plain': text },
  };
  const entries = Object.entries(SITE) as [keyof typeof SITE, ReadRoute][];
  return Object.fromEntries(
    entries.map(([operationId, { path, summary, readers }]) => {
      const responses = {
        200: { description: summary, content: content[operationId] },
        ...problemResponses([...ANYWHERE, ...(readers === 'anyone' ? [] : OF_CALLERS)]),
      };
      return [path, { get: { operationId, tags: ['server'], summary, responses } }];
    }),
  );
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } };
}

function template(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
