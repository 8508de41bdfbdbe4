import type { Static } from 'typebox';
import { Current } from '../quantity.js';
import { Line } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { checkElectrode } from './common/electrode.js';
import { Data, Optional } from './common/fields.js';
import { Stimulus } from './common/stimulus.js';
import { BENCH } from '../who.js';

class MotorThreshold extends Stimulus {
  @Optional(Current, 'Step by which the amplitude was raised.')
  rampStep?: Static<typeof Current>;

  @Optional(Line, 'Muscle seen to contract.')
  muscle?: string;

  @Optional(Line, 'Posture of the animal.')
  posture?: string;
}

/** The lowest amplitude at which a muscle contracts; stimulation is set as a fraction of it. */
export class DetermineMotorThreshold extends SubjectCommand {
  @Data(MotorThreshold) readonly data!: MotorThreshold;
}

export const determineMotorThreshold = defineCommand(DetermineMotorThreshold, {
  phase: 'measurement',
  who: BENCH,
  summary: 'Record a motor threshold',
  records: 'MotorThresholdDetermined',
  refuses: ['no-electrode'],
  example: {
    subject: 'R01',
    data: {
      frequency: { value: '50', unit: 'Hz' },
      pulseWidth: { value: '0.2', unit: 'ms' },
      amplitude: { value: '0.27', unit: 'mA' },
    },
  },
  check: (_, { animal }) => [checkElectrode(animal)],
  decide: ({ data }, { animal }) =>
    checkElectrode(animal) ?? propose('MotorThresholdDetermined', { ...data }),
});
