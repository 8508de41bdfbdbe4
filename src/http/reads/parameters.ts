import type { TSchema } from 'typebox';
import { Type } from '../../study/schema-types.js';
import { EVENTS } from '../../study/events/events.js';
import { Code, Instant, PersonId, StudyCode, SubjectId, described } from '../../study/schema.js';

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

/** The parameters of a request by name, checked; those that were left out are absent. */
export type ParameterValues<N extends ParameterName> = { readonly [K in N]?: Value<K> };

/** What the handler of a read is given: `ParametersOf<typeof READS.study>`. `atLeast` has been heeded by then. */
export type ParametersOf<R extends { readonly parameters: readonly ParameterName[] }> = ParameterValues<
  Exclude<R['parameters'][number], 'atLeast'>
>;
