import type { Protocol } from '../../study/protocol.js';
import { formatQuantity } from '../../study/quantity.js';
import { settingsOf, type PlannedSetting } from '../../study/rules/planned.js';
import { GAP, said, type Term } from './term.js';

/** What a protocol gives to animals: stimulation, substances, the titrated drug. */
export function treatmentTerms({ stimulation, titration, substances = [] }: Protocol): Term[] {
  const settings = stimulation ? settingsOf(stimulation) : [];
  return [
    ...settings.map((setting): Term => [
      setting.id === undefined ? 'Stimulation' : `Stimulation ${setting.id.replaceAll('-', ' ')}`,
      settingInWords(setting),
    ]),
    ...said(
      stimulation?.crossOver,
      ({ periods, washoutHours }) => `${periods} periods, at least ${washoutHours} h apart`,
    ).map((words): Term => ['Cross-over', words]),
    ...substances.map((substance): Term => [
      `Substance ${substance.id.replaceAll('-', ' ')}`,
      [
        substance.name ?? substance.id,
        ...said(substance.doses, (doses) => doses.map(formatQuantity).join(', ')),
        ...preparationInWords(substance),
        ...said(substance.washoutHours, (hours) => `at least ${hours} h apart`),
      ].join('; '),
    ]),
    ...said(titration, titrationInWords).map((words): Term => ['Titration', words]),
  ];
}

type Titration = NonNullable<Protocol['titration']>;

function titrationInWords(titration: Titration): string {
  const { drug, doses, washoutHours, windowMinutes, minPoints } = titration;
  return [
    `${drug}: ${doses.map(formatQuantity).join(', ')}`,
    ...preparationInWords(titration),
    `at least ${washoutHours} h apart`,
    `judged at ${windowMinutes.join(', ')} min, at least ${minPoints} of them`,
  ].join('; ');
}

type Preparation = Pick<Titration, 'volume' | 'vehicle' | 'preservative' | 'route' | 'flush' | 'lots'>;

function preparationInWords({ volume, vehicle, preservative, route, flush, lots }: Preparation): string[] {
  return [
    ...said(route, (code) => code.replaceAll('-', ' ')),
    ...said(volume, (quantity) => `in ${formatQuantity(quantity)}`),
    ...said(vehicle, (name) => `vehicle ${name}`),
    ...said(preservative, (name) => `preservative ${name}`),
    ...said(flush, (quantity) => `flush ${formatQuantity(quantity)}`),
    ...said(lots, (list) => `lots ${list.join(', ')}`),
  ];
}

function settingInWords(setting: PlannedSetting): string {
  const { sham, frequency, pulseWidth, duration, amplitudeFraction: fraction, burst, dutyCycle } = setting;
  return [
    ...(sham ? ['sham'] : []),
    ...[frequency, pulseWidth, duration].flatMap((one) => (one ? [formatQuantity(one)] : [])),
    ...(burst ? [`bursts of ${burst.pulses} pulses at ${formatQuantity(burst.frequency)}`] : []),
    ...(dutyCycle ? [`${formatQuantity(dutyCycle.on)} on, ${formatQuantity(dutyCycle.off)} off`] : []),
    ...(fraction
      ? [`at ${percent(fraction.low)} to ${percent(fraction.high)} of the animal’s own motor threshold`]
      : []),
  ].join(', ');
}

function percent(fraction: string): string {
  return Number.isNaN(Number(fraction)) ? `${GAP} %` : `${Math.round(Number(fraction) * 100)} %`;
}
