import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { EVENTS } from '../events/events.js';
import { Length, Volume } from '../quantity.js';
import { Line } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Surgery } from './common/observation.js';
import { BENCH } from '../who.js';

const { lidocaineTest } = EVENTS.CatheterImplanted.properties;

class CatheterImplantation extends Surgery {
  @Required(Line, 'Route, such as atlanto-occipital.')
  route!: string;

  @Required(Line, 'Level of the tip, such as L4.')
  tipLevel!: string;

  @Optional(Type.Enum(['left', 'right', 'midline']), 'Side of the tip: it biases small doses.')
  side?: 'left' | 'right' | 'midline';

  @Optional(Length, 'Length inside.')
  length?: Static<typeof Length>;

  @Optional(Volume, 'Dead volume, to be flushed.')
  deadVolume?: Static<typeof Volume>;

  @Optional(lidocaineTest, 'Lidocaine test of the position.')
  lidocaineTest?: Static<typeof lidocaineTest>;
}

/** An intrathecal catheter implanted. */
export class ImplantCatheter extends SubjectCommand {
  @Data(CatheterImplantation) readonly data!: CatheterImplantation;
}

export const implantCatheter = defineCommand(ImplantCatheter, {
  phase: 'surgery',
  who: BENCH,
  summary: 'Record an intrathecal catheter implantation',
  records: 'CatheterImplanted',
  example: {
    subject: 'R01',
    data: {
      route: 'atlanto-occipital',
      tipLevel: 'L4',
      deadVolume: { value: '8', unit: 'uL' },
      lidocaineTest: { result: 'bilateral-paralysis' },
    },
  },
  decide: ({ data }) => propose('CatheterImplanted', { ...data }),
});
