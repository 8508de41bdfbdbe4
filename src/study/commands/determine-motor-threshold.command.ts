import type { Static } from 'typebox';
import { Current } from '../quantity.js';
import { refuse } from '../refusal.js';
import { Line } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
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
  decide({ data, subject }, { animal }) {
    return animal.last('ElectrodeImplanted')
      ? propose('MotorThresholdDetermined', { ...data })
      : refuse(
          'no-electrode',
          `${subject} has no electrode on record by then: record its implantation first.`,
          'subject',
        );
  },
});
