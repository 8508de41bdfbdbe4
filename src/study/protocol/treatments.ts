import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { NerveProcedure, burst, dutyCycle } from '../events/treatment-parts.js';
import { AnyDose, Decimal, Frequency, Minutes, PulseWidth, Volume } from '../quantity.js';
import { Code, Count, Line, Minute, closed, member, optionalMember } from '../schema.js';

/** What a protocol does to animals: the model of injury or pain, stimulation, substances. */

export const ModelSchema = closed({
  kind: member(
    Type.Enum(['nerve-injury', 'injection', 'systemic', 'incision', 'other', 'none']),
    'What makes the pain: an operation on a nerve, an injection of an agent, a systemic course of doses, an incision, something else, or nothing (naive animals).',
  ),
  induction: optionalMember(
    Type.Enum(['NerveLigated', 'ModelInduced']),
    'The type of record that induces the model; the first of an animal is its day 0. NerveLigated of a nerve injury, ModelInduced of the others, where left out. With none, day 0 is the enrolment.',
  ),
  name: optionalMember(Line, 'The model in words, such as “CFA in the left hind paw”.'),
  procedure: optionalMember(NerveProcedure, 'Of a nerve injury: the operation that is planned.'),
  agent: optionalMember(Line, 'Of an injection or a course: the agent that is planned, such as CFA.'),
});

const AmplitudeFraction = closed({
  low: member(Decimal, 'The least, such as 0.60.'),
  high: member(Decimal, 'The most, such as 0.70.'),
});

const Setting = closed({
  id: member(Code, 'The name that stimulations give the setting.'),
  title: optionalMember(Line, 'The setting in words.'),
  sham: optionalMember(Type.Boolean(), 'Whether no current is given: a sham is never the response.'),
  frequency: optionalMember(Frequency, 'Frequency of the pulses; of bursts, how often a burst comes.'),
  pulseWidth: optionalMember(PulseWidth, 'Pulse width.'),
  duration: optionalMember(Minutes, 'How long it lasts; as the section says where left out.'),
  amplitudeFraction: optionalMember(
    AmplitudeFraction,
    'Amplitude as a fraction of the animal’s own latest motor threshold; as the section says where left out.',
  ),
  burst: optionalMember(burst, 'Pulses in a burst, and their frequency within it.'),
  dutyCycle: optionalMember(dutyCycle, 'Seconds on and seconds off, in turn.'),
});

export const StimulationSchema = closed({
  frequency: optionalMember(Frequency, 'Frequency, where there is one setting.'),
  pulseWidth: optionalMember(PulseWidth, 'Pulse width, where there is one setting.'),
  duration: optionalMember(Minutes, 'How long a stimulation lasts, of settings that do not say.'),
  amplitudeFraction: optionalMember(
    AmplitudeFraction,
    'Amplitude as a fraction of the animal’s own latest motor threshold, of settings that do not say.',
  ),
  settings: optionalMember(
    Type.Array(Setting, { minItems: 1, maxItems: 20 }),
    'The settings that are compared, sham among them. A stimulation names its setting.',
  ),
  crossOver: optionalMember(
    closed({
      periods: member(Type.Integer({ minimum: 2, maximum: 20 }), 'Periods of each animal.'),
      washoutHours: member(Decimal, 'Hours between the stimulations of two periods, at least.'),
    }),
    'Each animal has the settings one after another, one a period.',
  ),
});

const WindowMinutes = Type.Array(Minute, { minItems: 1, maxItems: 24, uniqueItems: true });
const Doses = Type.Array(AnyDose, { minItems: 1, maxItems: 30 });

const Preparation = {
  preservative: optionalMember(Line, 'Preservative that is planned, or none.'),
  route: optionalMember(Code, 'Route that is planned, such as intrathecal.'),
  flush: optionalMember(Volume, 'Flush after a dose.'),
  lots: optionalMember(
    Type.Array(Line, { minItems: 1, maxItems: 40, uniqueItems: true }),
    'The lots that may be given; any where left out.',
  ),
};

export const TitrationSchema = closed({
  drug: member(
    Line,
    'The substance that is titrated; the id of one of the substances where these are given.',
  ),
  doses: member(Doses, 'Lightest first; a dose that is not among them is a deviation.'),
  volume: optionalMember(Volume, 'Volume of a dose.'),
  vehicle: optionalMember(Line, 'Vehicle.'),
  ...Preparation,
  washoutHours: member(Decimal, 'Hours between two doses, at least.'),
  windowMinutes: member(
    WindowMinutes,
    'Minutes after a dose at which the responder rule decides whether the dose was effective.',
  ),
  minPoints: member(Count, 'At fewer minutes of the window there is no verdict.'),
});

export const SubstanceSchema = closed({
  id: member(Code, 'The name that doses give the substance, such as morphine.'),
  name: optionalMember(Line, 'The name for reports; the id where left out.'),
  doses: optionalMember(Doses, 'The doses that are planned; another is a deviation. Any where left out.'),
  volume: optionalMember(Volume, 'Volume of a dose.'),
  vehicle: optionalMember(Line, 'Vehicle.'),
  ...Preparation,
  washoutHours: optionalMember(Decimal, 'Hours between two doses of it, at least.'),
});

export type Stimulation = Static<typeof StimulationSchema>;
export type Setting = Static<typeof Setting>;
export type Substance = Static<typeof SubstanceSchema>;
