import { MOST_ERRORS } from '../../study/refusal.js';
import { EVENTS } from '../../study/events/events.js';
import { attributeSchemas } from '../../study/record.js';
import { problemDocument, typeOf } from '../platform/problems.js';
import { API } from '../../shared/api-prefix.js';
import { object, orNull, root, text, treeSize } from './openapi-parts.js';
import { summary } from './openapi-summary.js';
import { DUE_SCHEMAS } from './openapi-due.js';
import { IMPORT_SCHEMAS } from './openapi-imports.js';
import { RECEIPT_SCHEMAS } from './openapi-receipt.js';
import { reference, shown, type Schema } from './openapi-schemas.js';

/**
 * The schemas of answers: receipts, problems, reads. They are open, because later versions may add members. One list, so
 * one file, although it is long.
 */
const placed = object(
  {
    study: { ...text, description: 'The study’s code.' },
    treeSize,
    root,
    until: { ...text, description: 'As asked for.' },
    simulated: { type: 'boolean', description: 'True where the animals of this ledger are simulated.' },
  },
  ['until', 'simulated'],
);

const anchor = {
  ...object(
    {
      state: { enum: ['none', 'lab', 'cosigned', 'stamped'] },
      size: { type: 'integer' },
      labRecord: { type: 'integer' },
    },
    ['size', 'labRecord'],
  ),
  description:
    'How far the last recorded head of the study has come: into the lab, to the witnesses, to a time stamp.',
};

const placedLog = {
  log: { ...text, description: 'The log’s origin: its name in every checkpoint.' },
  treeSize,
  root,
};

export const RESPONSE_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...RECEIPT_SCHEMAS,
  ...DUE_SCHEMAS,
  ...IMPORT_SCHEMAS,
  Problem: {
    ...object(
      {
        type: { ...text, format: 'uri', description: `${typeOf('')}<code>` },
        title: text,
        status: { type: 'integer' },
        code: { ...text, description: 'Stable; what a program looks at.' },
        detail: { ...text, description: 'What is wrong and what to do about it, for a person.' },
        field: { ...text, description: 'The field, parameter or header that it is about.' },
        errors: {
          type: 'array',
          minItems: 1,
          maxItems: MOST_ERRORS,
          items: object({ field: text, code: text, detail: text }),
          description:
            'Everything that is wrong with a command, a field each: `field` is a path inside the body, such as `data.touches[3].filament`; `detail` says what was sent and the bound or unit that it breaks. `code`, `detail` and `field` of the document are those of the first.',
        },
        instance: { ...text, format: 'uri-reference' },
      },
      ['field', 'errors'],
    ),
    description: 'A problem document (RFC 9457).',
    examples: [
      problemDocument(
        {
          code: 'reason-required',
          detail: 'This is a late entry: say why in “reason”, and it is recorded as late.',
          field: 'reason',
        },
        `${API}/studies/KET-01/commands/record-threshold`,
      ),
    ],
  },
  Record: {
    ...object(
      {
        ...Object.fromEntries(
          Object.entries(attributeSchemas).map(([name, schema]) => [name, shown(schema)]),
        ),
        type: { enum: Object.keys(EVENTS) },
        data: { type: 'object', description: 'The facts, by the schema that `dataschema` names.' },
      },
      ['labsize', 'protocolversion', 'reason', 'session', 'subject'],
    ),
    description: 'One stored fact, a CloudEvents 1.0 object. Its RFC 8785 bytes are the leaf of the tree.',
  },
  StoredRecord: object({
    number: { type: 'integer', minimum: 0 },
    leaf: { ...text, description: 'Leaf hash, base64.' },
    record: reference('Record'),
  }),
  TrailRecord: {
    ...object({
      record: { type: 'integer' },
      type: text,
      actor: text,
      role: text,
      session: orNull('string'),
      occurredAt: text,
      recordedAt: text,
    }),
    description:
      'A record as the audit trail shows it: who, when, why, what changed. `amended`, of an amendment of the protocol, lists each member that changed.',
  },
  Studies: object({
    facility: text,
    simulated: { type: 'boolean' },
    studies: {
      type: 'array',
      items: object(
        {
          study: text,
          state: {
            ...text,
            description: '`damaged`: its records are; `problem` says how, `anchor` how many there were.',
          },
          treeSize,
          anchor,
          problem: text,
        },
        ['anchor', 'problem', 'treeSize'],
      ),
    },
  }),
  LabReceipt: {
    ...object(
      {
        records: {
          type: 'array',
          items: object({ number: { type: 'integer', minimum: 0 }, leaf: text }),
        },
        treeSize: { ...treeSize, description: 'Of the lab, just after the command’s own last record.' },
        root,
        secret: { ...text, description: 'The code of a link, or a token. It is kept nowhere.' },
      },
      ['secret'],
    ),
    description: 'What was recorded in the lab.',
  },
  Me: {
    ...object({
      person: text,
      name: orNull('string'),
      pending: { type: 'boolean', description: 'Whether the passkey waits for its confirmation.' },
      session: { type: 'object' },
      roles: { type: 'array', items: { type: 'object' } },
      credentials: { type: 'array', items: { type: 'object' } },
      links: { type: 'array', items: { type: 'object' } },
      tokens: { type: 'array', items: { type: 'object' } },
    }),
    description: 'Numbers are those of lab records.',
  },
  People: {
    ...object({
      treeSize,
      root,
      begun: { ...orNull('integer'), description: 'Lab record of the first confirmed passkey.' },
      sites: { type: 'array', items: { type: 'object' } },
      people: { type: 'array', items: { type: 'object' } },
      warnings: { type: 'array', items: text },
    }),
    description: 'Numbers are those of lab records. A name that was erased is null.',
  },
  Placed: placed,
  Study: { allOf: [reference('Placed'), summary] },
  Projections: {
    allOf: [
      reference('Placed'),
      object({ projections: { type: 'array', items: object({ name: text, summary: text }) } }),
    ],
  },
  RecordPage: {
    allOf: [
      reference('Placed'),
      object({
        records: { type: 'array', items: reference('StoredRecord') },
        next: { ...orNull('integer'), description: 'Where the next page begins; null where there is none.' },
      }),
    ],
  },
  RecordWithCorrections: {
    allOf: [
      reference('Placed'),
      reference('StoredRecord'),
      object({
        trail: reference('TrailRecord'),
        corrections: { type: 'array', items: reference('TrailRecord') },
      }),
    ],
  },
  NextFilament: {
    allOf: [
      reference('Placed'),
      object({
        ladder: text,
        complete: { type: 'boolean' },
        next: {
          ...orNull('string'),
          description: 'Label of the filament to apply; null once the run is complete.',
        },
        reason: text,
        threshold: {
          type: 'object',
          description: 'The 50 % threshold, or a bound, from the touches so far.',
        },
      }),
    ],
  },
  WelfareAlerts: object(
    {
      simulated: { type: 'boolean' },
      alerts: {
        type: 'array',
        items: { allOf: [object({ study: text }), reference('EndpointAlert')] },
      },
      damaged: {
        type: 'array',
        items: text,
        description:
          'Studies whose animals are not in this list, because their records are damaged or may not be read.',
      },
    },
    ['damaged'],
  ),
  Consistency: object({
    ...placedLog,
    from: object({ size: { type: 'integer' }, root }),
    to: object({ size: { type: 'integer' }, root }),
    proof: { type: 'array', items: { ...text, description: 'Hash, base64.' } },
  }),
  LogRecordPage: object({
    ...placedLog,
    records: {
      type: 'array',
      items: object({ number: { type: 'integer' }, leaf: text, record: { type: 'object' } }),
    },
    next: { ...orNull('integer'), description: 'Where the next page begins; null where there is none.' },
  }),
  Health: object(
    {
      status: { const: 'ok' },
      store: text,
      anchoring: {
        type: 'object',
        description: 'How well this ledger is watched from outside, and what keeps it from being so.',
      },
      timeInDoubt: {
        type: 'array',
        description: 'Records that were recorded while the clock was, or may have been, wrong.',
        items: object(
          {
            study: text,
            from: { type: 'integer', description: 'First record number.' },
            to: { type: 'integer', description: 'Last record number.' },
            labRecord: { type: 'integer', description: 'The lab record that shows it.' },
            endedBy: {
              type: 'integer',
              description: 'The lab record that ended it; left out while it lasts.',
            },
            confirmed: { ...text, description: 'The cause that a person gave for the confirmation.' },
          },
          ['endedBy', 'confirmed'],
        ),
      },
    },
    ['anchoring', 'timeInDoubt'],
  ),
  Ready: object(
    {
      status: { const: 'ready' },
      labTreeSize: { type: 'integer' },
      damaged: {
        type: 'array',
        items: text,
        description: 'Studies whose records are damaged or may not be read, as far as that has been noticed.',
      },
    },
    ['damaged'],
  ),
};
