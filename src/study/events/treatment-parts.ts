import { Type } from '../schema-types.js';
import { Frequency, Seconds } from '../quantity.js';
import { Count, closed, member } from '../schema.js';

/** Parts of treatments that records and protocols share. Part of the storage contract of `events.ts`. */

/** What is done to a nerve; a sham exposes it and does no more. */
export const NerveProcedure = Type.Enum([
  'partial-ligation',
  'sham',
  'spinal-nerve-ligation',
  'chronic-constriction',
  'spared-nerve-injury',
  'transection',
]);

/** Bursts: how many pulses each has, and the frequency of these. How often a burst comes is the frequency of the stimulus. */
export const burst = closed({
  pulses: member(Count, 'Pulses in a burst.'),
  frequency: member(Frequency, 'Frequency of the pulses within a burst.'),
});

/** Stimulation on and off in turn. */
export const dutyCycle = closed({
  on: member(Seconds, 'How long it is on.'),
  off: member(Seconds, 'How long it is off.'),
});
