import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { Decimal } from '../quantity.js';
import { Code, Count, Line, Minute, closed, described, member, optionalMember } from '../schema.js';

/** The rules behind verdicts, with their numbers. */

const Of = optionalMember(
  Code,
  'The assay that is judged, by its id; the up-down threshold of the ipsilateral paw where left out.',
);
const Site = optionalMember(
  Code,
  'Where the assay is judged: one of its sites, or the site on the side of the injury, such as ipsilateral-hind-paw for left-hind-paw and right-hind-paw. The only site of the assay where left out, or the ipsilateral one.',
);
const Borderline = member(
  Decimal,
  'Half-width of the band around the limit in which a verdict is called borderline, in the unit of the metric.',
);
const Judged = Type.Enum(['first-completed', 'last-completed']);
const WindowMinutes = Type.Array(Minute, { minItems: 1, maxItems: 24, uniqueItems: true });

export const BaselineSchema = closed({
  aggregate: member(
    Type.Enum(['last', 'mean']),
    'How the runs before the induction of the model become one baseline; thresholds on a log scale.',
  ),
  minRuns: member(Count, 'With fewer runs there is no baseline.'),
});

export const HypersensitivitySchema = closed({
  name: member(Line, 'What the rule is called in verdicts.'),
  version: member(Count, 'Version of the rule, from 1.'),
  of: Of,
  site: Site,
  metric: member(
    Type.Enum(['fall-log10e4', 'fall-percent', 'grams', 'difference', 'percent', 'absolute']),
    'fall-log10e4: baseline minus test, log10 units. fall-percent: the fall in % of the baseline. grams: the test itself, at or below the limit. Of an assay: difference, the worsening from the baseline in the unit of the assay; percent, the same in % of the baseline; absolute, the test itself, at or below the limit, or at or above it where an increase is worsening.',
  ),
  limit: member(Decimal, 'The limit, in the unit of the metric.'),
  borderline: Borderline,
  fromDay: member(
    Type.Integer({ minimum: 0, maximum: 365 }),
    'Days after the induction of the model from which a run can be the deciding one.',
  ),
  judged: member(Judged, 'Which run from that day on decides.'),
});

export const ResponderSchema = closed({
  name: member(Line, 'What the rule is called in verdicts.'),
  version: member(Count, 'Version of the rule, from 1.'),
  of: Of,
  site: Site,
  metric: member(
    Type.Enum([
      ...(['log10e4', 'grams', 'percent-pre-lesion', 'percent-mpe', 'percent-reversal'] as const),
      ...(['difference', 'percent', 'absolute'] as const),
    ]),
    'log10e4 and grams: the rise of the threshold. percent-pre-lesion: in % of the baseline. percent-mpe: in % of the way to the cut-off. percent-reversal: in % of the way back to the baseline. Of an assay: difference, the relief in its unit; percent, the same in % of the reference; absolute, the value itself. percent-mpe is worked out with the cut-off of the assay.',
  ),
  reference: member(
    Type.Enum(['pre-stimulation', 'pre-drug', 'pre-lesion']),
    'What a rise is measured from: the last run before the stimulation or the drug, or the baseline.',
  ),
  referenceWithinMinutes: optionalMember(
    Count,
    'How old the run before stimulation or drug may be, minutes; any age where left out.',
  ),
  windowMinutes: member(WindowMinutes, 'Minutes after the start at which runs are judged.'),
  aggregate: member(
    Type.Enum(['any', 'max', 'mean', 'last']),
    'How the runs of the window become one result; any and max are met by the one with the most relief.',
  ),
  comparator: member(
    Type.Literal('>='),
    'The rule is met at or above the limit; absolute and percent-pre-lesion of an assay whose increase is worsening at or below it.',
  ),
  limit: member(
    described('a decimal number as text', { pattern: '^-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,9})?$' }),
    'The limit, in the unit of the metric.',
  ),
  direction: member(
    Type.Enum(['INCREASE_IS_RELIEF', 'FROM_ASSAY']),
    'Of the threshold an increase is relief; FROM_ASSAY: what the assay says.',
  ),
  minPoints: member(Count, 'At fewer minutes of the window there is no verdict.'),
  borderline: Borderline,
  judged: member(Judged, 'Which session decides.'),
  cutOffGrams: optionalMember(Decimal, 'The cut-off of percent-mpe for the threshold, grams.'),
});

export type HypersensitivityRule = Static<typeof HypersensitivitySchema>;
export type ResponderRule = Static<typeof ResponderSchema>;

/**
 * Responder rules that a protocol may name instead of writing them out. They are choices of this project. None is the rule
 * of a published study.
 */
export const RESPONDER_PRESETS: Readonly<Record<string, ResponderRule>> = {
  A: preset({
    name: 'A: rise of at least 0.2 log units',
    metric: 'log10e4',
    reference: 'pre-stimulation',
    limit: '0.2',
    borderline: '0.05',
  }),
  B: preset({
    name: 'B: at least 50 % reversal',
    metric: 'percent-reversal',
    reference: 'pre-stimulation',
    limit: '50',
    borderline: '10',
  }),
  C: preset({
    name: 'C: back to pre-lesion less 0.2 log units',
    metric: 'log10e4',
    reference: 'pre-lesion',
    limit: '-0.2',
    borderline: '0.05',
  }),
};

function preset(
  own: Pick<ResponderRule, 'name' | 'metric' | 'reference' | 'limit' | 'borderline'>,
): ResponderRule {
  return {
    ...own,
    version: 1,
    windowMinutes: [15, 30],
    aggregate: 'max',
    comparator: '>=',
    direction: 'INCREASE_IS_RELIEF',
    referenceWithinMinutes: 180,
    minPoints: 2,
    judged: 'first-completed',
  };
}
