/** The parameters of a path and of a query, as the OpenAPI document describes them. */
import { FILES } from '../../exports/files.js';
import { PROJECTIONS } from '../../study/projections/catalogue.js';
import { StudyCode } from '../../study/schema.js';
import { FORMATS } from '../../welfare/forms/code-map.js';
import { shown, type Schema } from './openapi-schemas.js';
import { PARAMETERS, type Parameter, type ParameterName } from '../routes/parameters.js';

export const codeParameter: Schema = {
  name: 'code',
  in: 'path',
  required: true,
  description: 'The study’s code.',
  schema: shown(StudyCode),
  example: 'KET-01',
};

export function pathParameters(path: string): Schema[] {
  const number = { type: 'integer', minimum: 0 };
  const name = { type: 'string', enum: PROJECTIONS.map((projection) => projection.name) };
  return [
    ...(path.includes(':code') ? [codeParameter] : []),
    ...(path.includes(':name')
      ? [{ name: 'name', in: 'path', required: true, description: describedProjections(), schema: name }]
      : []),
    ...(path.includes(':file')
      ? [
          {
            name: 'file',
            in: 'path',
            required: true,
            description: FILES.map(({ name, summary }) => `- \`${name}\`: ${summary}`).join('\n'),
            schema: { type: 'string', enum: FILES.map(({ name }) => name) },
          },
        ]
      : []),
    ...(path.includes(':digest')
      ? [
          {
            name: 'digest',
            in: 'path',
            required: true,
            description: 'SHA-256 of the mapping, hex.',
            schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          },
        ]
      : []),
    ...(path.includes(':year')
      ? [
          {
            name: 'year',
            in: 'path',
            required: true,
            description: 'The year in which the uses ended.',
            schema: { type: 'integer', minimum: 1000, maximum: 2999 },
            example: 2026,
          },
          {
            name: 'format',
            in: 'path',
            required: true,
            description: 'The form.',
            schema: { enum: FORMATS },
          },
        ]
      : []),
    ...(path.includes(':number')
      ? [{ name: 'number', in: 'path', required: true, description: 'Record number.', schema: number }]
      : []),
  ];
}

function describedProjections(): string {
  return PROJECTIONS.map(({ name, summary }) => `- \`${name}\`: ${summary}`).join('\n');
}

export function queryParameter(name: ParameterName, about?: string): Schema {
  const { schema, description, example }: Parameter = PARAMETERS[name];
  return { name, in: 'query', description: about ?? description, schema: shown(schema), example };
}
