import type { Static } from 'typebox';
import { AssaySchema, CensoringSchema, LadderSchema } from './protocol/measurements.js';
import { BaselineSchema, HypersensitivitySchema, ResponderSchema } from './protocol/rules.js';
import { ModelSchema, StimulationSchema, SubstanceSchema, TitrationSchema } from './protocol/treatments.js';
import { TrainingSchema } from './protocol/training.js';
import { LicenceSchema, SideEffectsSchema, WelfareSchema } from './protocol/welfare.js';
import { AnyDose, BodyWeight, Current, Decimal } from './quantity.js';
import { Type } from './schema-types.js';
import { Code, Count, Line, Sha256Hex, closed, member, optionalMember } from './schema.js';

const PlausibleDose = closed({
  substance: member(Line, 'The substance, by its id or name.'),
  route: optionalMember(Code, 'The route; any where left out.'),
  high: member(AnyDose, 'A dose above it is flagged implausible.'),
});

const Range = <T extends typeof BodyWeight | typeof Current>(quantity: T) =>
  closed({
    low: member(quantity, 'The least that is plausible.'),
    high: member(quantity, 'The most that is plausible.'),
  });

/**
 * The protocol that the study director approved, as data. It holds every rule behind a verdict, a flag or a threshold with
 * its numbers; the ledger has no defaults for any of them. A study leaves out the sections that it has no use for.
 */
export const ProtocolSchema = closed({
  title: member(Line, 'Title of the study.'),
  model: optionalMember(
    ModelSchema,
    'The model of injury or pain; an operation on a nerve (LigateNerve) where left out.',
  ),
  ladder: optionalMember(
    LadderSchema,
    'The filaments of up-down thresholds. Without it no threshold is recorded.',
  ),
  censoring: optionalMember(
    CensoringSchema,
    'What counts for a run that gave only a bound: the bound, numbers that the laboratory sets, or nothing. Due with a ladder.',
  ),
  assays: optionalMember(
    Type.Array(AssaySchema, { minItems: 1, maxItems: 40 }),
    'What else is measured. Without it no measurement is recorded.',
  ),
  baseline: optionalMember(BaselineSchema, 'How the baseline of an animal is found.'),
  hypersensitivity: optionalMember(
    HypersensitivitySchema,
    'When an animal counts as hypersensitive. Without it that is not judged.',
  ),
  responder: optionalMember(
    ResponderSchema,
    'When an animal counts as a responder, and a dose as effective. Without it that is not judged.',
  ),
  stimulation: optionalMember(StimulationSchema, 'The stimulation. Without it none is recorded.'),
  substances: optionalMember(
    Type.Array(SubstanceSchema, { minItems: 1, maxItems: 40 }),
    'What is given to the animals, vehicles and controls among them. Only the titrated drug where left out.',
  ),
  titration: optionalMember(TitrationSchema, 'The titration of one drug. Without it no dose is designated.'),
  sideEffects: optionalMember(SideEffectsSchema, 'The scale of side effects. Without it none are scored.'),
  welfare: member(WelfareSchema, 'The welfare sheet, its grades and endpoints, and the checks that are due.'),
  licence: optionalMember(LicenceSchema, 'The licence of the study.'),
  training: optionalMember(
    TrainingSchema,
    'Procedures, each as the command that records it, for which the training of whoever does them has to be on record; where it is not, the record is flagged untrained.',
  ),
  witnessed: optionalMember(
    TrainingSchema,
    'Procedures, each as the command that records it, that a second person witnesses.',
  ),
  lateAfterMinutes: member(
    Count,
    'A record that is written more minutes than this after it happened is late and needs a reason.',
  ),
  plausible: optionalMember(
    closed({
      bodyWeight: optionalMember(Range(BodyWeight), 'Body weight.'),
      amplitude: optionalMember(Range(Current), 'Amplitude of a stimulation.'),
      weightChangePercent: optionalMember(
        Decimal,
        'Per cent by which a weight may differ from the last within 7 days; 20 where left out.',
      ),
      doses: optionalMember(
        Type.Array(PlausibleDose, { minItems: 1, maxItems: 40 }),
        'The most of a substance that is plausible.',
      ),
    }),
    'Outside these a value is accepted and flagged implausible.',
  ),
  plannedSubjects: optionalMember(Count, 'How many animals are planned.'),
  document: optionalMember(
    closed({ title: member(Line, 'Its title.'), sha256: member(Sha256Hex, 'Of the file.') }),
    'The signed document of the protocol, by its SHA-256.',
  ),
  reading: optionalMember(
    Type.Literal(2),
    '2, for the rules of derivation that newer studies use; where left out, values are derived as in 0.3 and before.',
  ),
  minuteTolerance: optionalMember(
    Type.Integer({ minimum: 0, maximum: 1440 }),
    'Whole minutes by which the time of a run or score may differ from its minute; 10 where left out.',
  ),
  followsWithinMinutes: optionalMember(
    Type.Integer({ minimum: 1, maximum: 14_400 }),
    'Whole minutes after a dose within which a stimulation follows it; the last window minute of the titration where left out.',
  ),
  carryOverHours: optionalMember(
    Decimal,
    'Hours after a stimulation until a dose is due; the wash-out where left out.',
  ),
});

export type Protocol = Static<typeof ProtocolSchema>;
