import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { Decimal } from '../quantity.js';
import { Code, Count, Line, closed, described, member, optionalMember } from '../schema.js';

/** What a protocol measures: thresholds on a ladder of filaments, and assays of any other kind. */

const Label = described('the label printed on a filament, such as 4.31 or 0.6', {
  pattern: '^[A-Za-z0-9.]{1,12}$',
});

export const LadderSchema = closed({
  id: member(Line, 'The name that runs give the ladder.'),
  filaments: member(
    Type.Array(
      closed({
        label: Label,
        grams: member(Decimal, 'Bending force in grams, as the kit says.'),
        handle: optionalMember(
          Decimal,
          'Handle marking, log10 of the force in tenths of a milligram: 4.31 is 2.04 g.',
        ),
      }),
      { minItems: 3, maxItems: 30 },
    ),
    'The filaments, lightest first.',
  ),
  start: member(Label, 'The filament that a run begins with.'),
  fixedDelta: optionalMember(
    Decimal,
    'Step of the ladder in log10 units, where the laboratory fixes it; the mean step where left out.',
  ),
  boundAfter: optionalMember(
    Type.Integer({ minimum: 1, maximum: 30 }),
    'How many equal responses, one filament a step, make a bound at an end of the ladder; as many as from the start to that end, at most four, where left out.',
  ),
});

/** The value of a run whose response never changed: a bound, a number that the laboratory sets, or nothing. */
export const CensoringSchema = Type.Union([
  closed({ policy: member(Type.Literal('bound'), 'The bound itself counts.') }),
  closed({
    policy: member(Type.Literal('substitute'), 'A number counts that the laboratory sets.'),
    floorGrams: member(Decimal, 'Counts for a run below the ladder, grams.'),
    ceilingGrams: member(Decimal, 'Counts for a run above the ladder, grams.'),
  }),
  closed({ policy: member(Type.Literal('exclude'), 'Nothing counts: the run is left out.') }),
]);

/** An assay: something read off an animal other than an up-down threshold, such as a latency, a force or a count. */
export const AssaySchema = closed({
  id: member(Code, 'The name that measurements and rules give the assay, such as heat-latency.'),
  title: member(Line, 'What is measured, in words.'),
  unit: member(
    Type.Enum(['s', 'g', 'mN', 'N', '%', '1']),
    'Unit of the result, which every value is read in; 1 for a count or a ratio.',
  ),
  increase: member(
    Type.Enum(['relief', 'worsening']),
    'What an increase means: a longer latency is relief, a larger number of flinches is worsening.',
  ),
  cutOff: optionalMember(Decimal, 'Value at which a trial is stopped, in the unit of the assay.'),
  trials: member(
    closed({
      kind: member(
        Type.Enum(['value', 'responses', 'pair']),
        'What one trial is: a value; n responses of m touches of a filament; or a value left and a value right.',
      ),
      count: optionalMember(Count, 'How many trials make a measurement; any number where left out.'),
      aggregate: member(
        Type.Enum(['mean', 'median', 'min', 'max', 'sum', 'last']),
        'How the trials become one result.',
      ),
    }),
    'Responses give the share of m in a unit of %, and their number in a unit of 1. A pair gives the injured side as the share of both in a unit of %, and over the other side in a unit of 1.',
  ),
  sites: member(
    Type.Array(Code, { minItems: 1, maxItems: 20 }),
    'Where it is measured, such as left-hind-paw, tail or whole-animal.',
  ),
});

export type Assay = Static<typeof AssaySchema>;
