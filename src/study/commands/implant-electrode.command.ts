import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { EVENTS } from '../events/events.js';
import { Impedance } from '../quantity.js';
import { refuse } from '../refusal.js';
import { Line } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Surgery } from './common/observation.js';
import { BENCH } from '../who.js';

const { contacts } = EVENTS.ElectrodeImplanted.properties;
const Action = Type.Enum(['implanted', 'repaired', 'replaced']);
const Verification = Type.Enum(['x-ray', 'visual', 'post-mortem', 'none']);

class ElectrodeImplantation extends Surgery {
  @Required(Action, 'First implantation, repair of the one in place, or replacement.')
  action!: 'implanted' | 'repaired' | 'replaced';

  @Required(Line, 'Model.')
  model!: string;

  @Required(Line, 'Spinal level of the contacts, such as T13: placement decides the effect.')
  level!: string;

  @Optional(Line, 'Serial or lot number.')
  serial?: string;

  @Optional(contacts, 'Number of contacts.')
  contacts?: number;

  @Optional(Line, 'Which contact is the cathode.')
  polarity?: string;

  @Optional(Line, 'Where the lamina was opened.')
  laminectomySite?: string;

  @Optional(Verification, 'How the level was verified.')
  verification?: Static<typeof Verification>;

  @Optional(Impedance, 'Impedance after placement.')
  impedance?: Static<typeof Impedance>;
}

/** An epidural electrode implanted, repaired or replaced. */
export class ImplantElectrode extends SubjectCommand {
  @Data(ElectrodeImplantation) readonly data!: ElectrodeImplantation;
}

export const implantElectrode = defineCommand(ImplantElectrode, {
  phase: 'surgery',
  who: BENCH,
  summary: 'Record an electrode implantation or repair',
  records: 'ElectrodeImplanted',
  refuses: ['electrode-present', 'no-electrode'],
  example: {
    subject: 'R01',
    data: {
      action: 'implanted',
      model: 'quadripolar lead',
      level: 'T13',
      verification: 'x-ray',
      impedance: { value: '2.1', unit: 'kOhm' },
    },
  },
  decide({ data, subject }, { animal }) {
    const present = animal.last('ElectrodeImplanted');
    const [known] = animal.ever('ElectrodeImplanted');
    if (data.action === 'implanted' && known) {
      return refuse(
        'electrode-present',
        `Record ${known.holder} says that ${subject} has an electrode: record a repair or a replacement, or correct that record first.`,
        'data.action',
      );
    }
    if (data.action !== 'implanted' && !present) {
      return refuse(
        'no-electrode',
        `${subject} has no electrode that could be ${data.action}: record its implantation first.`,
        'data.action',
      );
    }
    return propose('ElectrodeImplanted', { ...data });
  },
});
