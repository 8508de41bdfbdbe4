import type { Static } from 'typebox';
import { Current, Frequency, PulseWidth } from '../../quantity.js';
import { Line } from '../../schema.js';
import { Optional, Required } from './fields.js';
import { Observation } from './observation.js';

/** The stimulator's settings. */
export abstract class Stimulus extends Observation {
  @Required(Frequency, 'Frequency.')
  frequency!: Static<typeof Frequency>;

  @Required(PulseWidth, 'Pulse width.')
  pulseWidth!: Static<typeof PulseWidth>;

  @Required(Current, 'Amplitude.')
  amplitude!: Static<typeof Current>;

  @Optional(Line, 'The stimulator.')
  device?: string;

  @Optional(Line, 'Waveform, such as biphasic.')
  waveform?: string;
}
