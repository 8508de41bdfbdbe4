import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { EVENTS } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import { AnyDose, BodyWeight, Volume } from '../quantity.js';
import { inductionType } from '../rules/induction.js';
import { CalendarDate, Line, Side } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { checkBodyWeight } from './common/dose.js';
import { deviation } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { Surgery } from './common/observation.js';
import { Route } from './common/route.js';
import { isSecondSide } from './common/second-side.js';
import { flagDoseWeight } from './common/weight-checks.js';
import { lacksSection } from './common/section.js';
import { BENCH } from '../who.js';

const { kind } = EVENTS.ModelInduced.properties;

class Induction extends Surgery {
  @Required(
    kind,
    'An injection of an agent into a site; one dose of a systemic course; an incision; or something else, said in the comment.',
  )
  kind!: Static<typeof kind>;

  @Optional(Type.Boolean(), 'Whether it was a sham: the vehicle alone, or all but the injury.')
  sham?: boolean;

  @Optional(Line, 'The agent, such as CFA, carrageenan, streptozotocin or paclitaxel.')
  agent?: string;

  @Optional(AnyDose, 'Dose of the agent, as an amount or per body weight.')
  dose?: AnyDose;

  @Optional(BodyWeight, 'Body weight that the dose was worked out with; due for a dose per body weight.')
  bodyWeight?: Static<typeof BodyWeight>;

  @Optional(Volume, 'Volume injected.')
  volume?: Static<typeof Volume>;

  @Optional(Line, 'Vehicle.')
  vehicle?: string;

  @Optional(Line, 'Where, such as plantar hind paw or knee.')
  site?: string;

  @Optional(Side, 'Side; its paw is the ipsilateral one.')
  side?: 'left' | 'right';

  @Optional(Route, 'Route, such as intraplantar.')
  route?: Static<typeof Route>;

  @Optional(Line, 'The route in words, where it is other.')
  routeText?: string;

  @Optional(Line, 'Lot number.')
  lot?: string;

  @Optional(CalendarDate, 'Expiry.')
  expiry?: string;
}

/**
 * What induces the model of pain other than an operation on a nerve: one record an injection, a dose of a course, an
 * incision. The first of an animal is its day 0.
 */
export class InduceModel extends SubjectCommand {
  @Data(Induction) readonly data!: Induction;
}

export const induceModel = defineCommand(InduceModel, {
  phase: 'surgery',
  who: BENCH,
  summary: 'Record the induction of a model of pain',
  records: 'ModelInduced',
  refuses: ['protocol-lacks-section'],
  example: {
    subject: 'R01',
    data: {
      kind: 'injection',
      agent: 'CFA',
      volume: { value: '100', unit: 'uL' },
      side: 'left',
      site: 'plantar hind paw',
      route: 'intraplantar',
    },
  },
  decide({ data }, situation) {
    const { protocol, time } = situation;
    if (!protocol.model) return lacksSection(protocol, 'model', 'the induction of a model');
    return (
      checkBodyWeight(data) ??
      propose('ModelInduced', { ...data }, [
        isOffModel(data, protocol) && deviation('model-off-protocol'),
        isSecondSide(data.side, situation) && deviation('second-side'),
        data.expiry !== undefined && data.expiry < time.slice(0, 10) && deviation('lot-expired'),
        ...flagDoseWeight(data.bodyWeight, situation),
      ])
    );
  },
});

/** Another kind of model than the protocol's, or another agent; a sham may have none. */
function isOffModel({ kind: given, agent, sham }: Induction, { model }: Protocol): boolean {
  if (!model || inductionType({ model }) !== 'ModelInduced') return true;
  if (model.kind !== given && model.kind !== 'nerve-injury') return true;
  if (model.agent === undefined || sham) return false;
  return agent?.toLowerCase() !== model.agent.toLowerCase();
}
