import type { Static } from 'typebox';
import { Type } from './schema-types.js';
import {
  BodyWeight,
  Current,
  Decimal,
  Dose,
  Frequency,
  Minutes,
  PulseWidth,
  Volume,
  decimalOf,
} from './quantity.js';
import { Code, Count, Line, Minute, ProspectiveSeverity, Score, Severity, Text, closed } from './schema.js';

/**
 * The protocol that the study director approved, as data. It holds every rule behind a verdict, a flag or a threshold with
 * its numbers; the ledger has no defaults for any of them.
 */

const Label = Type.String({
  pattern: '^[A-Za-z0-9.]{1,12}$',
  description: 'the label printed on a filament, such as 4.31 or 0.6',
});

export const LadderSchema = closed({
  id: Line,
  filaments: Type.Array(closed({ label: Label, grams: Decimal, handle: Type.Optional(Decimal) }), {
    minItems: 3,
    maxItems: 30,
  }),
  start: Label,
  fixedDelta: Type.Optional(Decimal),
  boundAfter: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 30,
      description:
        'a number of touches: how many equal responses, one filament a step, make a bound at an end of the ladder; ' +
        'where it is left out, as many as from the start to that end, at most four',
    }),
  ),
});

/** The value of a run whose response never changed: a bound, a number that the laboratory sets, or nothing. */
const CensoringSchema = Type.Union([
  closed({ policy: Type.Literal('bound') }),
  closed({ policy: Type.Literal('substitute'), floorGrams: Decimal, ceilingGrams: Decimal }),
  closed({ policy: Type.Literal('exclude') }),
]);

/** Half-width, in the metric's own unit, of the band around the limit in which a verdict is called borderline. */
const Borderline = Decimal;

const HypersensitivityRule = closed({
  name: Line,
  version: Count,
  /** `fall-log10e4`: baseline minus test, log units · `fall-percent`: of the baseline in grams · `grams`: the test itself. */
  metric: Type.Enum(['fall-log10e4', 'fall-percent', 'grams']),
  limit: Decimal,
  borderline: Borderline,
  /** Days after the ligation from which a run can be the deciding one. */
  fromDay: Type.Integer({ minimum: 0, maximum: 365 }),
  judged: Type.Enum(['first-completed', 'last-completed']),
});

const ResponderRule = closed({
  name: Line,
  version: Count,
  /** Always the rise of the threshold: an increase is relief. */
  metric: Type.Enum(['log10e4', 'grams', 'percent-pre-lesion', 'percent-mpe', 'percent-reversal']),
  reference: Type.Enum(['pre-stimulation', 'pre-drug', 'pre-lesion']),
  /** How old the run before stimulation or drug may be; any age where it is left out. */
  referenceWithinMinutes: Type.Optional(Count),
  windowMinutes: Type.Array(Minute, { minItems: 1, maxItems: 24, uniqueItems: true }),
  aggregate: Type.Enum(['any', 'max', 'mean', 'last']),
  comparator: Type.Literal('>='),
  limit: Type.String({
    pattern: '^-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,9})?$',
    description: 'a decimal number as text',
  }),
  direction: Type.Literal('INCREASE_IS_RELIEF'),
  minPoints: Count,
  borderline: Borderline,
  judged: Type.Enum(['first-completed', 'last-completed']),
  /** Only for `percent-mpe`: the cut-off in grams. */
  cutOffGrams: Type.Optional(Decimal),
});

const Item = closed({ code: Code, label: Line, max: Score });

const Titration = closed({
  drug: Line,
  /** Lightest first; a dose that is not among them is a deviation. */
  doses: Type.Array(Dose, { minItems: 1, maxItems: 30 }),
  volume: Type.Optional(Volume),
  vehicle: Type.Optional(Line),
  preservative: Type.Optional(Line),
  route: Type.Optional(Code),
  flush: Type.Optional(Volume),
  /** The lots that may be given; any where it is left out. */
  lots: Type.Optional(Type.Array(Line, { minItems: 1, maxItems: 40, uniqueItems: true })),
  washoutHours: Decimal,
  /** Minutes after a dose at which the threshold decides whether the dose was effective. */
  windowMinutes: Type.Array(Minute, { minItems: 1, maxItems: 24, uniqueItems: true }),
  minPoints: Count,
});

const Endpoint = closed({
  id: Code,
  description: Text,
  /** Loss of body weight against the heaviest weight since enrolment, per cent. */
  weightLossPercent: Type.Optional(Decimal),
  /** Sum of the welfare sheet at or above which the endpoint is reached. */
  totalScore: Type.Optional(Score),
  /** One item of the sheet, and the score at or above which the endpoint is reached. */
  itemScore: Type.Optional(closed({ item: Code, atLeast: Score })),
});

/** What is done to an animal, as far as a protocol can give it a severity of its own. */
export const ProcedureKind = Type.Enum([
  'partial-ligation',
  'sham-ligation',
  'electrode',
  'catheter',
  'dose',
  'stimulation',
  'motor-threshold',
  'threshold-test',
]);

/** The severity of an observation in the licence's own scheme; observations that are not listed are not graded. */
const Grading = {
  /** By the sum of the sheet, or by one of its items. */
  grades: Type.Optional(
    Type.Array(closed({ atLeast: Score, severity: Severity, item: Type.Optional(Code) }), { maxItems: 40 }),
  ),
  /** By the loss of weight against the heaviest since enrolment. */
  weightGrades: Type.Optional(
    Type.Array(closed({ lossPercent: Decimal, severity: Severity }), { maxItems: 10 }),
  ),
  /** By the procedure, whatever is observed. */
  procedureGrades: Type.Optional(
    Type.Array(closed({ procedure: ProcedureKind, severity: Severity }), { maxItems: 10 }),
  ),
};

/** A check that is due every `everyDays` days: always, or during `afterSurgeryDays` days after an operation. */
const Monitoring = closed({
  id: Code,
  check: Type.Enum(['welfare-score', 'body-weight']),
  everyDays: Type.Integer({ minimum: 1, maximum: 31 }),
  afterSurgeryDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
});

/** The techniques of special interest of the British Return of Procedures. */
const Technique = Type.Enum([
  'forced-swim-test',
  'household-product-testing',
  'tobacco-product-testing',
  'alcohol-product-testing',
  'monoclonal-antibodies-from-ascites',
]);

const Licence = closed({
  number: Line,
  title: Type.Optional(Line),
  authority: Type.Optional(Line),
  prospectiveSeverity: ProspectiveSeverity,
  /** Under German law: a procedure (§ 7 (2) TierSchG), or killing for tissue (§ 4 (3)). */
  legalType: Type.Optional(Type.Enum(['procedure', 'killed-for-tissue'])),
  purpose: Type.Optional(closed({ area: Code, field: Type.Optional(Code), other: Type.Optional(Line) })),
  /** Asked by the return of the United Kingdom alone. */
  endangered: Type.Optional(Type.Boolean({ description: 'whether the species is an endangered one' })),
  /** Asked by the return of the United Kingdom alone; an empty list says that none is used. */
  techniques: Type.Optional(
    Type.Array(Technique, {
      maxItems: 5,
      uniqueItems: true,
      description: 'the techniques of special interest that are used; an empty list where none is',
    }),
  ),
  /** For regulatory purposes only: the law that asks for the test, and where that law comes from. */
  legislation: Type.Optional(closed({ law: Code, origin: Code })),
  /** The animals of this study by severity, as the non-technical summary predicts them. */
  predicted: Type.Optional(
    Type.Array(
      closed({ severity: ProspectiveSeverity, animals: Type.Integer({ minimum: 0, maximum: 100_000 }) }),
      { maxItems: 4 },
    ),
  ),
});

/** A dose above `high` is flagged; without a route, by any. */
const PlausibleDose = closed({ substance: Line, route: Type.Optional(Code), high: Dose });

const Range = <T extends typeof BodyWeight | typeof Current>(quantity: T) =>
  closed({ low: quantity, high: quantity });

export const ProtocolSchema = closed({
  title: Line,
  ladder: LadderSchema,
  censoring: CensoringSchema,
  baseline: closed({ aggregate: Type.Enum(['last', 'mean']), minRuns: Count }),
  hypersensitivity: HypersensitivityRule,
  responder: ResponderRule,
  stimulation: closed({
    frequency: Frequency,
    pulseWidth: PulseWidth,
    duration: Minutes,
    /** Fraction of the animal's own latest motor threshold. */
    amplitudeFraction: closed({ low: Decimal, high: Decimal }),
  }),
  titration: Titration,
  sideEffects: closed({ scale: Line, items: Type.Array(Item, { minItems: 1, maxItems: 40 }) }),
  welfare: closed({
    sheet: Line,
    items: Type.Array(Item, { minItems: 1, maxItems: 40 }),
    ...Grading,
    endpoints: Type.Array(Endpoint, { maxItems: 20 }),
    monitoring: Type.Optional(Type.Array(Monitoring, { maxItems: 12 })),
    /** What is done to reduce pain, beside what each record says. */
    refinement: Type.Optional(Text),
    /** Why pain is left unrelieved, where the question of the study needs that. */
    unrelievedPain: Type.Optional(closed({ justification: Text })),
  }),
  licence: Type.Optional(Licence),
  /** A record written later than this after it happened is late and needs a reason. */
  lateAfterMinutes: Count,
  /** Outside these a value is accepted and flagged implausible. */
  plausible: Type.Optional(
    closed({
      bodyWeight: Type.Optional(Range(BodyWeight)),
      amplitude: Type.Optional(Range(Current)),
      weightChangePercent: Type.Optional(
        decimalOf(
          'per cent as text: how far a weight may differ from the last within 7 days; 20 where it is left out',
        ),
      ),
      doses: Type.Optional(Type.Array(PlausibleDose, { minItems: 1, maxItems: 40 })),
    }),
  ),
  reading: Type.Optional(
    Type.Literal(2, {
      description:
        '2, for the rules of derivation that newer studies use; where it is left out, values are derived as in 0.3 and before',
    }),
  ),
  minuteTolerance: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1440,
      description:
        'a whole number of minutes by which the time of a run or score may differ from its minute; 10 where it is left out',
    }),
  ),
  followsWithinMinutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 14_400,
      description:
        'a whole number of minutes after a dose within which a stimulation follows it; the last window minute of the titration where it is left out',
    }),
  ),
  carryOverHours: Type.Optional(
    decimalOf('hours as text: how long after a stimulation a dose is due; the wash-out where it is left out'),
  ),
  plannedSubjects: Type.Optional(Count),
  document: Type.Optional(closed({ title: Line, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) })),
});

export type Protocol = Static<typeof ProtocolSchema>;
export type HypersensitivityRule = Static<typeof HypersensitivityRule>;
export type ResponderRule = Static<typeof ResponderRule>;

/**
 * Responder rules that a protocol may name instead of writing them out. They are choices of this project. None is the rule
 * of a published study: the numeric cut-offs of Truin et al. (2011) are not public.
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
