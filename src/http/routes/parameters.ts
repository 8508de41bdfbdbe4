import type { TSchema } from 'typebox';
import { HOURS_PATTERN } from '../../lab/people/working-hours.js';
import { Type } from '../../study/schema-types.js';
import { EVENTS } from '../../study/events/events.js';
import { Code, Instant, PersonId, StudyCode, SubjectId, described } from '../../study/schema.js';

export interface Parameter {
  readonly schema: TSchema;
  readonly description: string;
  readonly example: string | number;
}

const INSTANT = '2026-03-02T09:15:00+01:00';

/** Every query parameter by name. A parameter has the same meaning on every read that takes it. */
export const PARAMETERS = {
  at: {
    schema: described('a tree size such as 101, or an instant with its offset', {}),
    description:
      'As known at that tree size (0 is the empty study), or at that instant, by recorded time. The newest where left out.',
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
      'The answer must not be older than this tree size, which an ETag or a receipt of any server of this ledger has given.',
    example: 58,
  },
  subject: {
    schema: SubjectId,
    description:
      'Only this animal. Of records: its own, and what corrects, replaces, voids or acknowledges them.',
    example: 'R01',
  },
  from: {
    schema: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
    description: 'The first record number of the page: `next` of the page before.',
    example: 0,
  },
  to: {
    schema: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    description: 'The larger tree size; the newest where left out.',
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
    description: 'Only records that carry this flag, such as deviation, late, implausible or query.',
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
      'Continue after this place: `feedcursor` of the last line, `id` of the last event, or `next` of the answer. The header Last-Event-ID takes precedence. From the beginning where left out.',
    example: '1kX3vIwE6',
  },
  follow: {
    schema: Type.Enum(['true', 'false']),
    description:
      'Whether to wait at the end for new records: `false` for lines and `true` for events where left out.',
    example: 'true',
  },
  dryRun: {
    schema: Type.Enum(['true', 'false']),
    description: 'Decide only and record nothing: 200 with what would be recorded, or what is wrong.',
    example: 'true',
  },
  separator: {
    schema: Type.Enum([',', ';', 'tab']),
    description: 'The separator between cells; a comma in `.csv` and a tab in `.tsv` where left out.',
    example: ';',
  },
  decimal: {
    schema: Type.Enum(['.', ',']),
    description: 'The decimal mark; a point where left out.',
    example: ',',
  },
  paw: {
    schema: Type.Enum(['ipsilateral', 'contralateral']),
    description: 'Which paw, or of an assay the site on that side; the ipsilateral where left out.',
    example: 'contralateral',
  },
  assay: {
    schema: Code,
    description: 'The assay that is shown in its own unit, by its id; thresholds in grams where left out.',
    example: 'heat-latency',
  },
  bounds: {
    schema: Type.Enum(['empty', 'limit']),
    description:
      'What is written where there is only a bound: nothing, or the bound, which is the filament at that end of the ladder or the cut-off of an assay. Nothing where left out.',
    example: 'limit',
  },
  excluded: {
    schema: Type.Enum(['out', 'in']),
    description: 'Whether excluded animals are left out or taken in; left out where not said.',
    example: 'in',
  },
  gaps: {
    schema: Type.Enum(['allow']),
    description: 'Make the return although answers are missing; the gaps are then listed above the form.',
    example: 'allow',
  },
  hours: {
    schema: described('hours as 07-19 or 06:30-22:00', { pattern: HOURS_PATTERN }),
    description:
      'The working hours, in the time zone of the site: what was recorded at another time is listed as out of hours. 07-19 where left out. Of `review` alone.',
    example: '07-19',
  },
  weekends: {
    schema: Type.Enum(['in', 'out']),
    description: 'Whether Saturdays and Sundays are working days; out where left out. Of `review` alone.',
    example: 'in',
  },
  touches: {
    schema: described('stimuli as filament:response, separated by commas, such as 2:O,4:X', {
      pattern: '^([A-Za-z0-9.]{1,12}:[OX?](,[A-Za-z0-9.]{1,12}:[OX?]){0,99})?$',
    }),
    description:
      'The stimuli so far, oldest first: the label of the filament, a colon, and the response: X (withdrawal), O (none) or ? (unclear). Empty before the first.',
    example: '2:O,4:X',
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;
type Value<N extends ParameterName> = N extends 'from' | 'to' | 'limit' | 'atLeast' ? number : string;

/** The checked parameters of a request by name, without those that were left out. */
export type ParameterValues<N extends ParameterName> = { readonly [K in N]?: Value<K> };

/** What the handler of a read is given: `ParametersOf<typeof READS.study>`. The guard has dealt with `atLeast`. */
export type ParametersOf<R extends { readonly parameters: readonly ParameterName[] }> = ParameterValues<
  Exclude<R['parameters'][number], 'atLeast'>
>;
