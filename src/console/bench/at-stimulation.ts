import type { FormState } from '../forms/form-context.js';
import type { Recorded } from '../parts/recorded.js';
import type { SessionReadings } from './session-readings.js';
import type { Stimulating } from './stimulating.js';

/** A stimulation at the bench: before, while and after it runs. */
export interface AtStimulation {
  readonly code: string;
  readonly stimulating: Stimulating;
  readonly after: SessionReadings | undefined;
  readonly form: FormState;
  readonly id: string;
  readonly nowMs: number;
  readonly offsetMinutes: number;
  readonly recorded: Recorded | undefined;
}
