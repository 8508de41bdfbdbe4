import { QUESTIONS } from '../../study/projections/verdict-steps.js';
import { object, orNull, root, text, treeSize } from './openapi-parts.js';
import { reference, type Schema } from './openapi-schemas.js';

export const endpointAlert = {
  ...object(
    {
      subject: text,
      id: { ...text, description: 'The endpoint, as the protocol calls it.' },
      description: text,
      record: { type: 'integer', minimum: 0, description: 'The score or weight that reached it.' },
      occurredAt: text,
      observed: { ...text, description: 'What was seen, in words.' },
      implausible: {
        type: 'array',
        items: { type: 'integer', minimum: 0 },
        description:
          'The weights that it rests on and that were flagged implausible; left out where there are none.',
      },
    },
    ['implausible'],
  ),
  description: 'A humane endpoint that was reached, until a decision is recorded.',
};

/** What a receipt says of its record; each member is left out where there is nothing to say. */
const findings = {
  flags: {
    type: 'array',
    items: text,
    description:
      'Codes of what is irregular about the record, with `deviation`, `implausible`, `query` or `late` where it is one. Those of a correction include those of what it states.',
  },
  otherRecord: {
    type: 'integer',
    minimum: 0,
    description: 'The record that this one repeats (`same-as`), contradicts or is named like (`looks-like`).',
  },
  threshold: {
    ...object({
      status: { ...text, description: 'How the number was found, as the threshold series has it.' },
      grams: { ...orNull('number'), description: '50 % withdrawal threshold, g.' },
      bound: {
        type: ['object', 'null'],
        properties: { relation: { enum: ['<', '>'] }, grams: { type: 'number' } },
        description: 'Where the run only shows that the threshold is below or above an end of the ladder.',
      },
    }),
    description: 'Of a run, or a correction of one: computed from its touches.',
  },
  dose: {
    ...object({
      microgram: { type: 'number' },
      microgramPerKg: { type: 'number' },
      washoutHours: { ...orNull('number'), description: 'Hours since the dose before; null for the first.' },
    }),
    description: 'Of a dose, or a correction of one: the amount given, also by the body weight used.',
  },
  verdicts: {
    type: 'array',
    items: object({
      subject: { ...text, description: 'The animal.' },
      question: { enum: QUESTIONS },
      before: { ...text, description: 'The answer just before the record, such as `not known`.' },
      after: { ...text, description: 'The answer with the record.' },
    }),
    description:
      'What is said of the animal and was changed by the record. What a change of the protocol does to the animals is not listed.',
  },
};

const exampleLeaf = 'r4+ZWQmF1m2ZkqAoo0uPZ1Sv8rBqYk1vX0m3t4n5u6c=';

/** The schemas of the answer to a command. */
export const RECEIPT_SCHEMAS: Readonly<Record<string, Schema>> = {
  EndpointAlert: endpointAlert,
  Receipt: {
    ...object(
      {
        study: text,
        records: {
          type: 'array',
          items: object({
            number: { type: 'integer', minimum: 0 },
            leaf: { ...text, description: 'Leaf hash, base64.' },
          }),
        },
        treeSize: { ...treeSize, description: 'Just after the command’s own last record.' },
        root,
        endpoints: {
          type: 'array',
          items: reference('EndpointAlert'),
          description: 'Humane endpoints that wait for a decision because of this record.',
        },
        ...findings,
      },
      ['endpoints', ...Object.keys(findings)],
    ),
    description:
      'What was recorded, and what the record was found to say just after it. Both can be derived again from the records at any time: the same id is answered with the same receipt.',
    examples: [
      {
        study: 'KET-01',
        records: [{ number: 57, leaf: exampleLeaf }],
        treeSize: 58,
        root: exampleLeaf,
        flags: ['late'],
        threshold: { status: 'estimated', grams: 1.5377, bound: null },
        verdicts: [{ subject: 'R01', question: 'hypersensitive', before: 'not known', after: 'yes' }],
      },
    ],
  },
  WouldRecord: {
    ...object(
      {
        study: text,
        number: { type: 'integer', minimum: 0, description: 'The number that the record would have.' },
        known: { type: 'boolean', description: 'Whether it was recorded before, under the same id.' },
        ...findings,
      },
      Object.keys(findings).filter((name) => name !== 'flags'),
    ),
    description: 'What a command would become if it were sent now. Nothing is recorded.',
  },
};
