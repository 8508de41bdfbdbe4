import type { Static } from 'typebox';
import { doseKind, isSameDose } from '../dose.js';
import { EVENTS } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import type { Substance } from '../protocol/treatments.js';
import {
  AnyConcentration,
  AnyDose,
  BodyWeight,
  FlowRate,
  Minutes,
  Volume,
  baseValue,
  formatQuantity,
} from '../quantity.js';
import { refuse, refuseAll, type Refusal } from '../refusal.js';
import { namesSubstance, substancesOf } from '../rules/planned.js';
import { CalendarDate, Code, Line, PersonId } from '../schema.js';
import { SubjectCommand, defineCommand, propose, type Situation } from './common/command.js';
import { checkBodyWeight, isWashoutShort } from './common/dose.js';
import { flagDose } from './common/dose-checks.js';
import { deviation, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { Route } from './common/route.js';
import { lacksSection } from './common/section.js';
import { ANIMAL_CARE } from '../who.js';

const { purpose } = EVENTS.SubstanceAdministered.properties;

class SubstanceGiven extends Observation {
  @Required(Code, 'The substance, by its id in the protocol.')
  substance!: string;

  @Required(
    AnyDose,
    'Dose: a mass, an amount of substance or international units, each also per body weight; or a strength in %.',
  )
  dose!: AnyDose;

  @Optional(BodyWeight, 'Body weight that the dose was worked out with; due for a dose per body weight.')
  bodyWeight?: Static<typeof BodyWeight>;

  @Required(Route, 'Route, such as subcutaneous.')
  route!: Static<typeof Route>;

  @Optional(Line, 'The route in words, where it is other.')
  routeText?: string;

  @Required(
    purpose,
    'What for. test: its effect is the question. titration: a step of the titration, with stimulation off. combination: before stimulation. vehicle or control: no treatment. rescue: to ease pain that was not to be left.',
  )
  purpose!: Static<typeof purpose>;

  @Optional(Volume, 'Volume given, without the flush.')
  volume?: Static<typeof Volume>;

  @Optional(AnyConcentration, 'Concentration drawn up.')
  concentration?: Static<typeof AnyConcentration>;

  @Optional(Line, 'Salt or base.')
  salt?: string;

  @Optional(Line, 'Preservative, or none.')
  preservative?: string;

  @Optional(Line, 'Vehicle.')
  vehicle?: string;

  @Optional(Line, 'Lot number.')
  lot?: string;

  @Optional(CalendarDate, 'Expiry.')
  expiry?: string;

  @Optional(Volume, 'Flush.')
  flush?: Static<typeof Volume>;

  @Optional(FlowRate, 'Rate of injection.')
  rate?: Static<typeof FlowRate>;

  @Optional(Minutes, 'How long it was given, of an infusion or an inhalation.')
  duration?: Static<typeof Minutes>;

  @Optional(Line, 'Site or level.')
  site?: string;

  @Optional(PersonId, 'Who prepared it.')
  preparedBy?: string;

  @Optional(PersonId, 'Who witnessed the preparation.')
  witnessedBy?: string;
}

/** A dose of a substance of the protocol; `occurredAt` is the end of its administration. */
export class AdministerSubstance extends SubjectCommand {
  @Data(SubstanceGiven) readonly data!: SubstanceGiven;
}

export const administerSubstance = defineCommand(AdministerSubstance, {
  phase: 'treatment',
  who: ANIMAL_CARE,
  mayNot({ data }, role) {
    if (role !== 'veterinarian' || data.purpose === 'rescue') return undefined;
    const message = `A veterinarian gives a substance as a rescue, not as ${data.purpose}: somebody who carries out the protocol records it.`;
    return refuse('not-permitted', message, 'data.purpose');
  },
  summary: 'Record a dose of any substance',
  records: 'SubstanceAdministered',
  refuses: ['dose-not-comparable', 'not-titrated', 'protocol-lacks-section', 'substance-unknown'],
  example: {
    subject: 'R01',
    data: {
      substance: 'morphine',
      dose: { value: '3', unit: 'mg/kg' },
      bodyWeight: { value: '312.5', unit: 'g' },
      route: 'subcutaneous',
      volume: { value: '0.3', unit: 'mL' },
      purpose: 'test',
      lot: 'M-1103',
    },
  },
  check: ({ data }, { protocol }) => [
    data.substance === undefined ? undefined : checkSubstance(protocol, data.substance),
  ],
  decide({ data }, situation) {
    const { protocol } = situation;
    const unknown = checkSubstance(protocol, data.substance);
    if (unknown) return unknown;
    const planned = substancesOf(protocol).find(({ id }) => id === data.substance)!;
    return (
      refuseAll([checkTitrated(data, planned, situation), checkUnit(data, planned), checkBodyWeight(data)]) ??
      propose('SubstanceAdministered', { ...data }, [
        ...deviations(data, planned, situation),
        ...flagDose(data.substance, data, planned, situation),
      ])
    );
  },
});

function checkSubstance(
  protocol: Protocol,
  named: string,
): Refusal<'protocol-lacks-section' | 'substance-unknown'> | undefined {
  const ids = substancesOf(protocol).map(({ id }) => id);
  if (ids.length === 0) return lacksSection(protocol, 'substances', 'a dose');
  if (ids.includes(named)) return undefined;
  return refuse(
    'substance-unknown',
    `The protocol gives no ${named}; its substances are ${ids.join(', ')}.`,
    'data.substance',
  );
}

/** A step of a titration needs a titration, and is one of the drug that it titrates. */
function checkTitrated(
  { purpose: given, substance }: SubstanceGiven,
  planned: Substance,
  { protocol }: Situation,
): Refusal<'protocol-lacks-section' | 'not-titrated'> | undefined {
  if (given !== 'titration') return undefined;
  const { titration } = protocol;
  if (!titration) return lacksSection(protocol, 'titration', 'a step of a titration');
  if (namesSubstance(planned, titration.drug)) return undefined;
  return refuse(
    'not-titrated',
    `The protocol titrates ${titration.drug} and not ${substance}: check the substance and the purpose.`,
    'data.purpose',
  );
}

/** Doses that no conversion can compare are one of them wrong. */
function checkUnit(
  { dose, substance }: SubstanceGiven,
  { doses: [first] = [] }: Substance,
): Refusal<'dose-not-comparable'> | undefined {
  if (!first || doseKind(first) === doseKind(dose)) return undefined;
  return refuse(
    'dose-not-comparable',
    `The protocol gives ${substance} in ${formatQuantity(first).split(' ')[1]}, which ${formatQuantity(dose)} cannot be compared with: check the unit.`,
    'data.dose.unit',
  );
}

function deviations(
  data: SubstanceGiven,
  { doses, volume, washoutHours }: Substance,
  situation: Situation,
): (Flag | false)[] {
  const { animal, protocol, time } = situation;
  const isTreatment = data.purpose !== 'vehicle' && data.purpose !== 'control';
  return [
    isTreatment &&
      doses !== undefined &&
      !doses.some((step) => isSameDose(step, data.dose, data.bodyWeight)) &&
      deviation('dose-off-ladder'),
    volume !== undefined &&
      data.volume !== undefined &&
      baseValue(volume) !== baseValue(data.volume) &&
      deviation('volume-off-protocol'),
    isTreatment && isWashoutShort(data.substance, washoutHours, situation) && deviation('washout-short'),
    data.route === 'intrathecal' && !animal.last('CatheterImplanted') && deviation('no-catheter'),
    data.purpose === 'combination' &&
      protocol.titration !== undefined &&
      !animal.last('SubEffectiveDoseDesignated') &&
      deviation('no-designated-dose'),
    data.expiry !== undefined && data.expiry < time.slice(0, 10) && deviation('lot-expired'),
  ];
}
