import type { Request } from 'express';
import { Type, type TSchema } from 'typebox';
import { EVENTS } from '../../study/events/events.js';
import type { Touch } from '../../study/rules/threshold.js';
import {
  Code,
  Instant,
  PersonId,
  StudyCode,
  SubjectId,
  described,
  matches,
  mismatch,
} from '../../study/schema.js';
import { Problem } from '../platform/problems.js';

export interface Parameter {
  readonly schema: TSchema;
  readonly description: string;
  readonly example: string | number;
}

const INSTANT = '2026-03-02T09:15:00+01:00';

/** Every query parameter there is, by name: each means the same on whatever read takes it. */
export const PARAMETERS = {
  at: {
    schema: described('a tree size such as 101, or an instant with its offset', {}),
    description:
      'As known then: at that tree size (0 is the empty study), or with what had been recorded by that instant. The head where left out.',
    example: '101',
  },
  until: {
    schema: described('an instant with its offset, such as 2026-03-02T09:15:00+01:00', {}),
    description:
      'As had happened by this instant, after all corrections known at `at`: facts with a later occurredAt are left out.',
    example: INSTANT,
  },
  atLeast: {
    schema: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    description:
      'Not from an older tree than this size, which was seen in an ETag or a receipt of any server of this ledger.',
    example: 58,
  },
  subject: { schema: SubjectId, description: 'Only this animal.', example: 'R01' },
  from: {
    schema: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
    description: 'Record number to begin at; `next` of the page before.',
    example: 0,
  },
  to: {
    schema: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    description: 'The larger tree size; the head where left out.',
    example: 58,
  },
  limit: {
    schema: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
    description: 'How many records a page holds at most.',
    example: 100,
  },
  actor: { schema: PersonId, description: 'Only records that this person entered.', example: 'tech-03' },
  type: {
    schema: Type.Enum(Object.keys(EVENTS)),
    description: 'Only records of this type.',
    example: 'ThresholdRecorded',
  },
  flag: {
    schema: Code,
    description: 'Only records that carry this flag, such as deviation, late or implausible.',
    example: 'late',
  },
  since: {
    schema: Instant,
    description: 'Only records recorded at or after this instant.',
    example: INSTANT,
  },
  before: { schema: Instant, description: 'Only records recorded before this instant.', example: INSTANT },
  study: { schema: StudyCode, description: 'Only this study.', example: 'KET-01' },
  cursor: {
    schema: described('a cursor that the feed gave', { minLength: 1 }),
    description:
      'Go on after this place: `feedcursor` of the last line, `id` of the last event, or `next` of the answer. The header Last-Event-ID goes before it. From the beginning where left out.',
    example: '1kX3vIwE6',
  },
  follow: {
    schema: Type.Enum(['true', 'false']),
    description:
      'Whether to wait at the end for what comes: `false` for lines and `true` for events where left out.',
    example: 'true',
  },
  separator: {
    schema: Type.Enum([',', ';', 'tab']),
    description: 'What parts the cells; a comma in `.csv` and tabs in `.tsv` where left out.',
    example: ';',
  },
  decimal: {
    schema: Type.Enum(['.', ',']),
    description: 'The decimal mark; a point where left out.',
    example: ',',
  },
  paw: {
    schema: Type.Enum(['ipsilateral', 'contralateral']),
    description: 'Which paw; the ipsilateral where left out.',
    example: 'contralateral',
  },
  bounds: {
    schema: Type.Enum(['empty', 'limit']),
    description:
      'What stands for a run that gave only a bound: nothing, or the filament at that end of the ladder. Nothing where left out.',
    example: 'limit',
  },
  gaps: {
    schema: Type.Enum(['allow']),
    description: 'Also where something is missing: the gaps then stand on top of the form.',
    example: 'allow',
  },
  touches: {
    schema: described('touches as filament:response, parted by commas, such as 2:O,4:X', {
      pattern: '^([A-Za-z0-9.]{1,12}:[OX?](,[A-Za-z0-9.]{1,12}:[OX?]){0,99})?$',
    }),
    description:
      'The touches so far, oldest first: the filament’s label, a colon, and X (withdrew), O (did not) or ? (could not be told). Empty before the first.',
    example: '2:O,4:X',
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;
type Value<N extends ParameterName> = N extends 'from' | 'to' | 'limit' | 'atLeast' ? number : string;
type Values<N extends ParameterName> = { readonly [K in N]?: Value<K> };

const NATURAL = /^(0|[1-9][0-9]{0,15})$/;

/**
 * The query of a request. A parameter that is misspelt would otherwise change an answer in silence, so one that is not
 * known here, or comes twice, is refused. A plus stays a plus: none of the values holds a space, and instants hold an
 * offset.
 */
export function parametersOf<N extends ParameterName>(request: Request, known: readonly N[]): Values<N> {
  const values: Record<string, string | number> = {};
  const at = request.originalUrl.indexOf('?');
  if (at < 0) return values as Values<N>;
  for (const pair of request.originalUrl.slice(at + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    if (!isOneOf(name, known)) throw unknownParameter(name, known);
    if (Object.hasOwn(values, name)) {
      throw new Problem('parameter-repeated', `Give ${name} once.`, name);
    }
    values[name] = checked(name, equals < 0 ? '' : decoded(pair.slice(equals + 1)));
  }
  return values as Values<N>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('parameter-invalid', 'The query is not percent-encoded UTF-8: encode it again.');
  }
}

function isOneOf<N extends string>(name: string, known: readonly N[]): name is N {
  return (known as readonly string[]).includes(name);
}

function unknownParameter(name: string, known: readonly string[]): Problem {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const those = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  return new Problem('parameter-unknown', `There is no parameter “${shown}” here; ${those}.`, shown);
}

function checked(name: ParameterName, text: string): string | number {
  const { schema } = PARAMETERS[name];
  const value =
    'type' in schema && schema.type === 'integer' ? (NATURAL.test(text) ? Number(text) : text) : text;
  if (matches(schema, value)) return value;
  const code = name === 'touches' ? 'touches-invalid' : 'parameter-invalid';
  throw new Problem(code, `${name} ${mismatch(schema, value)?.message ?? 'is not valid'}.`, name);
}

export function touchesOf(text: string): Touch[] {
  if (text === '') return [];
  return text.split(',').map((touch) => {
    const colon = touch.lastIndexOf(':');
    return { filament: touch.slice(0, colon), response: touch.slice(colon + 1) as Touch['response'] };
  });
}

/** What `atLeast` asks for; undefined where it is absent, or will be refused for its form. */
export function atLeastOf({ originalUrl }: Request): number | undefined {
  const asked = /[?&]atLeast=(0|[1-9][0-9]{0,15})(?=&|$)/.exec(originalUrl)?.[1];
  return asked === undefined ? undefined : Number(asked);
}

/** A record's number in a path. */
export function recordNumberOf(text: string): number {
  if (NATURAL.test(text)) return Number(text);
  throw new Problem('parameter-invalid', 'A record number is a whole number, counted from 0.', 'number');
}
