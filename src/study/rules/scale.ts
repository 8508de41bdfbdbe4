import type { Assay } from '../protocol/measurements.js';
import type { Protocol } from '../protocol.js';
import { inGrams } from './interval.js';
import type { Interval } from './threshold.js';

/** How readings of one thing are compared. */
export interface Scale {
  /** Unit of the numbers: g of thresholds. */
  readonly unit: Assay['unit'];
  /** From the scale on which readings are averaged to the unit: from log10(10,000 · g) to grams. */
  readonly inUnit: (value: Interval) => Interval;
  /** 1 where an increase is relief, -1 where it is worsening. */
  readonly relief: 1 | -1;
  /** In the unit; of an assay. */
  readonly cutOff: number | undefined;
}

export const THRESHOLDS: Scale = { unit: 'g', inUnit: inGrams, relief: 1, cutOff: undefined };

/** The scale of an assay, or of thresholds where none is named. */
export function scaleOf(assay: Assay | undefined): Scale {
  if (!assay) return THRESHOLDS;
  return {
    unit: assay.unit,
    inUnit: (value) => value,
    relief: assay.increase === 'relief' ? 1 : -1,
    cutOff: assay.cutOff === undefined ? undefined : Number(assay.cutOff),
  };
}

/** The assay that a rule judges; undefined where it judges thresholds. */
export function judgedAssay({ of }: { of?: string }, { assays }: Protocol): Assay | undefined {
  return of === undefined ? undefined : assays?.find(({ id }) => id === of);
}
