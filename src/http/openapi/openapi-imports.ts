import { LIMITS } from '../../imports/reading/sheet.js';
import { ANYWHERE, OF_CALLERS, type ProblemCode } from '../platform/problems.js';
import { IMPORT_ROUTES } from '../routes/import-routes.js';
import { codeParameter } from './openapi-parameters.js';
import { object, orNull, text } from './openapi-parts.js';
import { problemResponses } from './openapi-problems.js';
import { endpointAlert } from './openapi-receipt.js';
import { reference, type Schema } from './openapi-schemas.js';

const file = {
  type: 'string',
  format: 'binary',
  description: `The spreadsheet, .csv or .xlsx, of at most ${LIMITS.fileBytes / 1_048_576} MB.`,
};
const tick = (description: string): Schema => ({ enum: ['true', 'false'], description });

const IMPORT_FORM: Schema = {
  ...object(
    {
      file,
      mapping: { ...text, description: 'The mapping, as text or as a file; `tidy` for the tidy table.' },
      saved: { ...text, description: 'Instead of it: the SHA-256 of a mapping that is saved in the study.' },
      reason: {
        ...text,
        description: 'Why rows that are queried stand all the same; and of rows without a reason.',
      },
      keepGoing: tick('Whether the others are recorded where rows are refused.'),
      skipKnown: tick('Whether rows are left out that state what is recorded already.'),
      saveAs: {
        ...text,
        description: 'The name to save the mapping under, where the study does not have it.',
      },
    },
    ['mapping', 'saved', 'reason', 'keepGoing', 'skipKnown', 'saveAs'],
  ),
};

const REFUSALS: readonly ProblemCode[] = [
  ...ANYWHERE,
  ...OF_CALLERS,
  'body-malformed',
  'content-type-unsupported',
  'field-invalid',
  'field-missing',
  'field-unknown',
  'file-too-large',
  'request-malformed',
  'sheet-unreadable',
  'study-unfinished',
  'study-unknown',
  'too-many-imports',
];
const OF_MAPPINGS: readonly ProblemCode[] = ['mapping-invalid', 'mapping-unknown'];
const OF_RECORDING: readonly ProblemCode[] = [
  'busy',
  'clock-leap',
  'group-too-large',
  'overtaken',
  'rows-refused',
];

const OPERATIONS: Readonly<
  Record<
    keyof typeof IMPORT_ROUTES,
    {
      readonly summary: string;
      readonly form: Schema;
      readonly status: 200 | 201;
      readonly answer: string;
      readonly schema: string;
      readonly refusals: readonly ProblemCode[];
    }
  >
> = {
  record: {
    summary: 'Import a spreadsheet: all of its rows, or none where one is refused',
    form: IMPORT_FORM,
    status: 201,
    answer: 'What became of each row. The same file again adds nothing.',
    schema: 'Import',
    refusals: [...OF_MAPPINGS, ...OF_RECORDING],
  },
  preview: {
    summary: 'What importing a spreadsheet would record',
    form: IMPORT_FORM,
    status: 200,
    answer: 'What would become of each row. Nothing is recorded.',
    schema: 'Import',
    refusals: OF_MAPPINGS,
  },
  suggestion: {
    summary: 'A mapping for a spreadsheet, as far as its headers and cells tell one',
    form: {
      ...object({ file }),
      additionalProperties: text,
      description:
        'Beside the file, what a person chose: `records` a command whose fields columns can be, as often as there are such, `m.C` what column C is, `u.C` its unit, `w.C.L` what “L” in it means, `v.F` what field F is in every row, and answers to questions by their `field`.',
    },
    status: 200,
    answer: 'What each column seems to be, and what only a person can say.',
    schema: 'MappingSuggestion',
    refusals: [],
  },
};

export function importPaths(): Record<string, Schema> {
  const names = Object.keys(IMPORT_ROUTES) as (keyof typeof IMPORT_ROUTES)[];
  return Object.fromEntries(
    names.map((name) => {
      const { summary, form, status, answer, schema, refusals } = OPERATIONS[name];
      const operation = {
        operationId: `import${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        tags: ['imports'],
        summary,
        parameters: [codeParameter],
        requestBody: { required: true, content: { 'multipart/form-data': { schema: form } } },
        responses: {
          [status]: {
            description: answer,
            content: { 'application/json': { schema: reference(schema) } },
          },
          ...problemResponses([...REFUSALS, ...refusals]),
        },
      };
      return [IMPORT_ROUTES[name].path.replace(':code', '{code}'), { post: operation }];
    }),
  );
}

const count = { type: 'integer', minimum: 0 };
const list = (items: Schema): Schema => ({ type: 'array', items });
const place = { sheet: text, row: { type: 'integer' }, column: text };
const PLACED = ['sheet', 'row', 'column'];

export const IMPORT_SCHEMAS: Readonly<Record<string, Schema>> = {
  Import: object(
    {
      rows: list({
        ...object(
          {
            ...place,
            command: text,
            subject: text,
            outcome: {
              enum: [
                'recorded',
                'would-record',
                'known',
                'present',
                'skipped',
                'left-out',
                'refused',
                'withheld',
                'note',
              ],
            },
            number: { ...count, description: 'Of the record.' },
            flags: list(text),
            code: { ...text, description: 'Of the refusal.' },
            message: text,
            errors: list({ type: 'object' }),
          },
          [...PLACED, 'command', 'subject', 'number', 'flags', 'code', 'message', 'errors'],
        ),
        description: 'With what the answer to a command tells: threshold, dose, verdicts.',
      }),
      summary: object(
        Object.fromEntries(
          [
            'recorded',
            'wouldRecord',
            'known',
            'present',
            'skipped',
            'leftOut',
            'refused',
            'withheld',
            'notes',
            'blank',
            'flagged',
          ].map((name) => [name, count]),
        ),
      ),
      file: text,
      sha256: { ...text, description: 'Of the file, hex.' },
      mapping: { ...text, description: 'SHA-256 of the mapping, hex.' },
      study: text,
      flagged: list(object({ kind: text, code: text, sheet: text, rows: list(count) }, ['sheet'])),
      unread: { ...list(text), description: 'Sheets that the mapping takes nothing from.' },
      notHeeded: list(object({ ...place, what: text }, PLACED)),
      notices: list(text),
      endpoints: list(endpointAlert),
      treeSize: count,
      root: text,
    },
    ['treeSize', 'root'],
  ),
  ImportMappings: object({
    study: text,
    treeSize: count,
    mappings: list(object({ name: text, sha256: text, number: { ...count, description: 'Of its record.' } })),
  }),
  MappingSuggestion: object({
    file: text,
    sha256: text,
    header: { ...count, description: 'The row of the headers.' },
    sheets: list(text),
    columns: list(
      object({
        place: { ...text, description: 'The letter of the column, or the cell.' },
        title: text,
        means: { ...text, description: 'What it seems to be; `ignore` for what is not read.' },
        sure: { enum: ['name', 'values', 'unknown'], description: 'What that rests on.' },
        cells: { ...list(text), description: 'The first ones.' },
      }),
    ),
    questions: list(
      object({
        field: { ...text, description: 'What it is about.' },
        asks: text,
        options: list(object({ value: text, means: text })),
      }),
    ),
    mapping: { ...orNull('object'), description: 'Null while there are questions.' },
  }),
};
