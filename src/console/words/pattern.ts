import type { EventData } from '../../study/events/events.js';
import { formatQuantity } from '../../study/quantity.js';

type Pattern = { readonly [T in 'burst' | 'dutyCycle']?: EventData<'SCSApplied'>[T] | undefined };

/** `, bursts of 5 pulses at 500 Hz, 20 s on and 40 s off`: nothing where the pulses come one by one without a pause. */
export function patternInWords({ burst, dutyCycle }: Pattern): string {
  return [
    ...(burst ? [`bursts of ${burst.pulses} pulses at ${formatQuantity(burst.frequency)}`] : []),
    ...(dutyCycle ? [`${formatQuantity(dutyCycle.on)} on and ${formatQuantity(dutyCycle.off)} off`] : []),
  ]
    .map((part) => `, ${part}`)
    .join('');
}
