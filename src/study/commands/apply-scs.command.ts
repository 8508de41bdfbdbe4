import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { countPassing } from '../bisect.js';
import { localDay, minutesBetween } from '../instant.js';
import { burst, dutyCycle } from '../events/treatment-parts.js';
import type { Stimulation as PlannedStimulation } from '../protocol/treatments.js';
import { Minutes, Percent, baseValue, isOutside, type Quantity } from '../quantity.js';
import { Refusal, refuse, refuseAll } from '../refusal.js';
import { Chart } from '../rules/chart.js';
import { judgeHypersensitivity } from '../rules/hypersensitivity.js';
import { isTreatment } from '../rules/administration.js';
import { periodsOf } from '../rules/periods.js';
import { settingsOf, type PlannedSetting } from '../rules/planned.js';
import { reaches } from '../rules/verdict.js';
import { Code, Line, RecordNumber, Text } from '../schema.js';
import { factsOf, type Fact } from '../study.js';
import { SubjectCommand, defineCommand, propose, type Situation } from './common/command.js';
import { deviation, implausible, type Flag } from './common/flags.js';
import { checkElectrode } from './common/electrode.js';
import { Data, Optional, Required } from './common/fields.js';
import { lacksSection } from './common/section.js';
import { checkDose, doseNumbered } from './common/session.js';
import { flagStimulation } from './common/stimulation-checks.js';
import { Stimulus } from './common/stimulus.js';
import { BENCH } from '../who.js';

class Stimulation extends Stimulus {
  @Required(Minutes, 'How long it lasted.')
  duration!: Static<typeof Minutes>;

  @Required(Type.Enum(['completed', 'aborted']), 'Whether it ran to its end.')
  outcome!: 'completed' | 'aborted';

  @Optional(RecordNumber, 'Record number of the dose that it follows; left out for SCS alone.')
  follows?: number;

  @Optional(Code, 'The setting, by its id in the protocol; due where the protocol has several.')
  setting?: string;

  @Optional(
    burst,
    'Pulses in a burst, and their frequency within it; `frequency` is then that of the bursts.',
  )
  burst?: Static<typeof burst>;

  @Optional(dutyCycle, 'Seconds on and seconds off, where it was not continuous.')
  dutyCycle?: Static<typeof dutyCycle>;

  @Optional(Line, 'Mode, such as conventional.')
  mode?: string;

  @Optional(Percent, 'Amplitude as per cent of the motor threshold, as set.')
  percentOfMotorThreshold?: Static<typeof Percent>;

  @Optional(Text, 'Interruptions.')
  interruptions?: string;

  @Optional(Text, 'Side effects seen.')
  sideEffects?: string;
}

/** Spinal cord stimulation, alone or after a dose; `occurredAt` is when it began. */
export class ApplySCS extends SubjectCommand {
  @Data(Stimulation) readonly data!: Stimulation;
}

export const applySCS = defineCommand(ApplySCS, {
  phase: 'treatment',
  who: BENCH,
  summary: 'Record a spinal cord stimulation',
  records: 'SCSApplied',
  refuses: ['administration-unknown', 'no-electrode', 'protocol-lacks-section', 'setting-unknown'],
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
  check: ({ data }, { animal }) => [checkElectrode(animal), checkDose(animal, data.follows, 'data.follows')],
  decide({ data }, situation) {
    const { animal, protocol } = situation;
    if (!protocol.stimulation) return lacksSection(protocol, 'stimulation', 'a stimulation');
    const setting = plannedSetting(protocol.stimulation, data.setting);
    const dose = data.follows === undefined ? undefined : doseNumbered(animal, data.follows);
    const unfit = refuseAll([
      setting instanceof Refusal ? setting : undefined,
      checkElectrode(animal),
      checkDose(animal, data.follows, 'data.follows'),
    ]);
    if (unfit || setting instanceof Refusal) return unfit as NonNullable<typeof unfit>;
    return propose('SCSApplied', { ...data }, [
      ...deviations(data, setting, situation),
      ...flagStimulation(data, dose, situation),
      !setting.sham &&
        isOutside(protocol.plausible?.amplitude, data.amplitude) &&
        implausible('amplitude-out-of-range'),
    ]);
  },
});

/** The setting that a stimulation names, or the only one; refused where it is not clear which is meant. */
function plannedSetting(
  stimulation: PlannedStimulation,
  named: string | undefined,
): PlannedSetting | Refusal<'setting-unknown'> {
  const settings = settingsOf(stimulation);
  const found =
    named === undefined && settings.length === 1 ? settings[0] : settings.find(({ id }) => id === named);
  if (found && (named !== undefined || settings.length === 1)) return found;
  const ids = settings.flatMap(({ id }) => id ?? []);
  if (ids.length === 0)
    return refuse(
      'setting-unknown',
      'The protocol has one setting, without a name: leave the setting out.',
      'data.setting',
    );
  return refuse(
    'setting-unknown',
    named === undefined
      ? `The protocol has several settings: name one of ${ids.join(', ')}.`
      : `The protocol has no setting ${named}; its settings are ${ids.join(', ')}.`,
    'data.setting',
  );
}

/** Departures from the sequence and the settings of the protocol. */
function deviations(data: Stimulation, setting: PlannedSetting, situation: Situation): Flag[] {
  const { animal, protocol, protocols, time } = situation;
  const found: Flag[] = [];
  if (
    protocol.hypersensitivity &&
    judgeHypersensitivity(new Chart(untilTreated(animal.history()), protocols)).holds !== true
  )
    found.push(deviation('not-judged-hypersensitive'));
  if (protocol.titration && data.follows !== undefined && !animal.last('SubEffectiveDoseDesignated'))
    found.push(deviation('no-designated-dose'));
  found.push(...amplitudeDeviations(data, setting, animal.last('MotorThresholdDetermined'), time));
  const settings = ['frequency', 'pulseWidth', 'duration'] as const;
  if (settings.some((name) => isOff(setting[name], data[name])) || isOffPattern(setting, data))
    found.push(deviation('stimulation-off-protocol'));
  found.push(...crossOverDeviations(setting, situation));
  return found;
}

/** Another setting begins a period: not before the wash-out of a cross-over, and not one more than it has. */
function crossOverDeviations({ id }: PlannedSetting, { animal, at, protocol, protocols }: Situation): Flag[] {
  const crossOver = protocol.stimulation?.crossOver;
  if (!crossOver) return [];
  const periods = periodsOf(factsOf(animal.history(), 'SCSApplied'), protocols);
  const last = periods.at(-1);
  if (!last || last.setting === id) return [];
  const hours = minutesBetween(last.sessions.at(-1)!.at, at) / 60;
  return [
    ...(reaches(hours, Number(crossOver.washoutHours)) ? [] : [deviation('carry-over')]),
    ...(periods.length < crossOver.periods ? [] : [deviation('stimulation-off-protocol')]),
  ];
}

/** The amplitude follows the motor threshold of the day; a sham has none to follow. */
function amplitudeDeviations(
  data: Stimulation,
  { sham, amplitudeFraction }: PlannedSetting,
  threshold: Fact<'MotorThresholdDetermined'> | undefined,
  time: string,
): Flag[] {
  if (sham && !amplitudeFraction)
    return baseValue(data.amplitude) > 0 ? [deviation('amplitude-off-target')] : [];
  if (!amplitudeFraction) return [];
  if (!threshold || localDay(threshold.time) !== localDay(time))
    return [deviation('no-motor-threshold-that-day')];
  const fraction = baseValue(data.amplitude) / baseValue(threshold.data.amplitude);
  const { low, high } = amplitudeFraction;
  return reaches(fraction, Number(low)) && reaches(Number(high), fraction)
    ? []
    : [deviation('amplitude-off-target')];
}

function isOff(planned: Quantity | undefined, given: Quantity): boolean {
  return planned !== undefined && baseValue(planned) !== baseValue(given);
}

/** Bursts or pauses where none are planned, none where they are, or others. */
function isOffPattern(planned: PlannedSetting, given: Stimulation): boolean {
  const [burst, cycle] = [planned.burst, planned.dutyCycle];
  return (
    burst?.pulses !== given.burst?.pulses ||
    (burst !== undefined && given.burst !== undefined && isOff(burst.frequency, given.burst.frequency)) ||
    (cycle === undefined) !== (given.dutyCycle === undefined) ||
    (cycle !== undefined &&
      given.dutyCycle !== undefined &&
      (isOff(cycle.on, given.dutyCycle.on) || isOff(cycle.off, given.dutyCycle.off)))
  );
}

/** Up to the first treatment: no later run makes an animal hypersensitive, and there may be thousands of them. */
function untilTreated(history: readonly Fact[]): readonly Fact[] {
  const first = history.find(isTreatment);
  return first
    ? history.slice(
        0,
        countPassing(history, ({ at }) => at <= first.at),
      )
    : history;
}
