import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { EVENTS } from '../events/events.js';
import { minutesBetween } from '../instant.js';
import {
  BodyWeight,
  Concentration,
  Dose,
  FlowRate,
  Volume,
  baseValue,
  doseOf,
  isOutside,
  isSame,
} from '../quantity.js';
import { reaches } from '../rules/verdict.js';
import { CalendarDate, Code, Line, PersonId } from '../schema.js';
import { SubjectCommand, defineCommand, propose, type Situation } from './common/command.js';
import { deviation, implausible, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';

const { enantiomer } = EVENTS.KetamineAdministered.properties;

class Administration extends Observation {
  @Required(Dose, 'Dose, as an amount or per body weight.')
  dose!: Static<typeof Dose>;

  @Required(BodyWeight, 'Body weight that the dose was worked out with.')
  bodyWeight!: Static<typeof BodyWeight>;

  @Required(Code, 'Route, such as intrathecal.')
  route!: string;

  @Required(Volume, 'Volume injected, without the flush.')
  volume!: Static<typeof Volume>;

  @Required(
    Type.Enum(['titration', 'combination']),
    'A step of the titration with stimulation off, or before stimulation.',
  )
  purpose!: 'titration' | 'combination';

  @Optional(enantiomer, 'Racemic, S or R.')
  enantiomer?: 'racemic' | 'S' | 'R';

  @Optional(Line, 'Salt or base.')
  salt?: string;

  @Optional(Line, 'Preservative, or none: some of them lesion the cord.')
  preservative?: string;

  @Optional(Line, 'Vehicle.')
  vehicle?: string;

  @Optional(Concentration, 'Concentration drawn up.')
  concentration?: Static<typeof Concentration>;

  @Optional(Line, 'Lot number.')
  lot?: string;

  @Optional(CalendarDate, 'Expiry.')
  expiry?: string;

  @Optional(Volume, 'Flush.')
  flush?: Static<typeof Volume>;

  @Optional(FlowRate, 'Rate of injection.')
  rate?: Static<typeof FlowRate>;

  @Optional(Line, 'Site or level.')
  site?: string;

  @Optional(PersonId, 'Who prepared it.')
  preparedBy?: string;

  @Optional(PersonId, 'Who witnessed the preparation.')
  witnessedBy?: string;
}

/** A dose of ketamine given; `occurredAt` is the end of the injection. */
export class AdministerKetamine extends SubjectCommand {
  @Data(Administration) readonly data!: Administration;
}

export const administerKetamine = defineCommand(AdministerKetamine, {
  phase: 'treatment',
  summary: 'Record a dose of ketamine',
  records: 'KetamineAdministered',
  example: {
    subject: 'R01',
    data: {
      dose: { value: '30', unit: 'ug' },
      bodyWeight: { value: '312.5', unit: 'g' },
      route: 'intrathecal',
      volume: { value: '10', unit: 'uL' },
      purpose: 'titration',
      lot: 'K-2207',
    },
  },
  decide: ({ data }, situation) =>
    propose('KetamineAdministered', { ...data }, [
      ...deviations(data, situation),
      // An implausible weight makes the dose per kg wrong.
      isOutside(situation.protocol.plausible?.bodyWeight, data.bodyWeight) &&
        implausible('body-weight-out-of-range'),
    ]),
});

function deviations(data: Administration, { animal, protocol: { titration }, at, time }: Situation): Flag[] {
  const found: Flag[] = [];
  const perWeight = titration.doses[0]?.unit.includes('/');
  const given = doseOf(data.dose, data.bodyWeight);
  const onLadder = titration.doses.some((step) => {
    const planned = doseOf(step, data.bodyWeight);
    return perWeight
      ? isSame(planned.microgramPerKg, given.microgramPerKg)
      : isSame(planned.microgram, given.microgram);
  });
  if (!onLadder) found.push(deviation('dose-off-ladder'));
  if (titration.volume && baseValue(titration.volume) !== baseValue(data.volume))
    found.push(deviation('volume-off-protocol'));
  const before = animal.last('KetamineAdministered');
  if (before && !reaches(minutesBetween(before.at, at) / 60, Number(titration.washoutHours))) {
    found.push(deviation('washout-short'));
  }
  if (data.route === 'intrathecal' && !animal.last('CatheterImplanted')) found.push(deviation('no-catheter'));
  if (data.purpose === 'combination' && !animal.last('SubEffectiveDoseDesignated'))
    found.push(deviation('no-designated-dose'));
  if (data.expiry !== undefined && data.expiry < time.slice(0, 10)) found.push(deviation('lot-expired'));
  return found;
}
