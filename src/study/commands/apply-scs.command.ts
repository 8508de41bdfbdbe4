import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { countPassing } from '../bisect.js';
import { localDay } from '../instant.js';
import { Minutes, Percent, baseValue, isOutside } from '../quantity.js';
import { refuse } from '../refusal.js';
import { Chart } from '../rules/chart.js';
import { judgeHypersensitivity } from '../rules/hypersensitivity.js';
import { reaches } from '../rules/verdict.js';
import { Line, RecordNumber, Text } from '../schema.js';
import type { Fact } from '../study.js';
import { SubjectCommand, defineCommand, propose, type Situation } from './common/command.js';
import { deviation, implausible, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { Stimulus } from './common/stimulus.js';

class Stimulation extends Stimulus {
  @Required(Minutes, 'How long it lasted.')
  duration!: Static<typeof Minutes>;

  @Required(Type.Enum(['completed', 'aborted']), 'Whether it ran to its end.')
  outcome!: 'completed' | 'aborted';

  @Optional(
    RecordNumber,
    'Record number of the ketamine administration that it follows; left out for SCS alone.',
  )
  follows?: number;

  @Optional(Line, 'Mode, such as conventional.')
  mode?: string;

  @Optional(Percent, 'Amplitude as per cent of the motor threshold, as set.')
  percentOfMotorThreshold?: Static<typeof Percent>;

  @Optional(Text, 'Interruptions.')
  interruptions?: string;

  @Optional(Text, 'Side effects seen.')
  sideEffects?: string;
}

/** Spinal cord stimulation, alone or after a dose of ketamine; `occurredAt` is when it began. */
export class ApplySCS extends SubjectCommand {
  @Data(Stimulation) readonly data!: Stimulation;
}

export const applySCS = defineCommand(ApplySCS, {
  phase: 'treatment',
  summary: 'Record a spinal cord stimulation',
  records: 'SCSApplied',
  refuses: ['administration-unknown', 'no-electrode'],
  example: {
    subject: 'R01',
    data: {
      frequency: { value: '50', unit: 'Hz' },
      pulseWidth: { value: '0.2', unit: 'ms' },
      amplitude: { value: '0.18', unit: 'mA' },
      duration: { value: '30', unit: 'min' },
      outcome: 'completed',
    },
  },
  decide({ data, subject }, situation) {
    const { animal } = situation;
    if (!animal.last('ElectrodeImplanted')) {
      return refuse(
        'no-electrode',
        `${subject} has no electrode on record by then: record its implantation first.`,
        'subject',
      );
    }
    if (data.follows !== undefined && !animal.numbered('KetamineAdministered', data.follows)) {
      return refuse(
        'administration-unknown',
        `Record ${data.follows} is no earlier ketamine administration of ${subject}.`,
        'data.follows',
      );
    }
    return propose('SCSApplied', { ...data }, [
      ...deviations(data, situation),
      isOutside(situation.protocol.plausible?.amplitude, data.amplitude) &&
        implausible('amplitude-out-of-range'),
    ]);
  },
});

/** Departures from the sequence and the settings of the protocol. */
function deviations(data: Stimulation, { animal, protocol, protocols, time }: Situation): Flag[] {
  const found: Flag[] = [];
  const { stimulation } = protocol;
  if (judgeHypersensitivity(new Chart(untilTreated(animal.history()), protocols)).holds !== true)
    found.push(deviation('not-judged-hypersensitive'));
  if (data.follows !== undefined && !animal.last('SubEffectiveDoseDesignated'))
    found.push(deviation('no-designated-dose'));
  const threshold = animal.last('MotorThresholdDetermined');
  if (!threshold || localDay(threshold.time) !== localDay(time))
    found.push(deviation('no-motor-threshold-that-day'));
  else {
    const fraction = baseValue(data.amplitude) / baseValue(threshold.data.amplitude);
    const { low, high } = stimulation.amplitudeFraction;
    if (!reaches(fraction, Number(low)) || !reaches(Number(high), fraction))
      found.push(deviation('amplitude-off-target'));
  }
  const settings = ['frequency', 'pulseWidth', 'duration'] as const;
  if (settings.some((name) => baseValue(data[name]) !== baseValue(stimulation[name])))
    found.push(deviation('stimulation-off-protocol'));
  return found;
}

/** Up to the first treatment: no later run makes an animal hypersensitive, and there may be thousands of them. */
function untilTreated(history: readonly Fact[]): readonly Fact[] {
  const first = history.find(({ type }) => type === 'SCSApplied' || type === 'KetamineAdministered');
  return first
    ? history.slice(
        0,
        countPassing(history, ({ at }) => at <= first.at),
      )
    : history;
}
