import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { isSameDose } from '../dose.js';
import { EVENTS } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import type { Substance } from '../protocol/treatments.js';
import { BodyWeight, Concentration, Dose, FlowRate, Volume, baseValue } from '../quantity.js';
import { refuse, type Refusal } from '../refusal.js';
import { ketamineIn, substancesOf, titratedIn } from '../rules/planned.js';
import { CalendarDate, Line, PersonId } from '../schema.js';
import { SubjectCommand, defineCommand, propose, type Situation } from './common/command.js';
import { isWashoutShort } from './common/dose.js';
import { deviation, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { flagDose } from './common/dose-checks.js';
import { Route } from './common/route.js';
import { lacksSection } from './common/section.js';
import { BENCH } from '../who.js';

const { enantiomer } = EVENTS.KetamineAdministered.properties;

class Administration extends Observation {
  @Required(Dose, 'Dose, as an amount or per body weight.')
  dose!: Static<typeof Dose>;

  @Required(BodyWeight, 'Body weight that the dose was worked out with.')
  bodyWeight!: Static<typeof BodyWeight>;

  @Required(Route, 'Route, such as intrathecal.')
  route!: Static<typeof Route>;

  @Optional(Line, 'The route in words, where it is other.')
  routeText?: string;

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
  who: BENCH,
  summary: 'Record a dose of ketamine',
  records: 'KetamineAdministered',
  refuses: ['not-ketamine', 'protocol-lacks-section'],
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
  decide({ data }, situation) {
    const { protocol, isCorrection } = situation;
    const planned = ketamineIn(protocol) ?? (isCorrection ? titratedIn(protocol) : undefined);
    if (!planned && !isCorrection) return refuseKetamine(protocol);
    return propose('KetamineAdministered', { ...data }, [
      ...deviations(data, planned ?? {}, situation),
      ...flagDose('ketamine', data, planned ?? {}, situation),
    ]);
  },
});

function refuseKetamine(protocol: Protocol): Refusal<'not-ketamine' | 'protocol-lacks-section'> {
  const given = substancesOf(protocol).map(({ id, name }) => name ?? id);
  if (given.length === 0) return lacksSection(protocol, 'substances', 'a dose');
  return refuse(
    'not-ketamine',
    `The protocol gives ${given.join(', ')} and no ketamine: record the dose with AdministerSubstance.`,
  );
}

type Planned = Partial<Substance>;

function deviations(
  data: Administration,
  { id = 'ketamine', doses, volume, washoutHours }: Planned,
  situation: Situation,
): Flag[] {
  const { animal, time, protocol } = situation;
  const found: Flag[] = [];
  if (doses && !doses.some((step) => isSameDose(step, data.dose, data.bodyWeight)))
    found.push(deviation('dose-off-ladder'));
  if (volume && baseValue(volume) !== baseValue(data.volume)) found.push(deviation('volume-off-protocol'));
  if (isWashoutShort(id, washoutHours, situation)) found.push(deviation('washout-short'));
  if (data.route === 'intrathecal' && !animal.last('CatheterImplanted')) found.push(deviation('no-catheter'));
  if (protocol.titration && data.purpose === 'combination' && !animal.last('SubEffectiveDoseDesignated'))
    found.push(deviation('no-designated-dose'));
  if (data.expiry !== undefined && data.expiry < time.slice(0, 10)) found.push(deviation('lot-expired'));
  return found;
}
