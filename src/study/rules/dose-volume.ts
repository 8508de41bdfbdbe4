import { DOSE_VOLUME_PERCENT } from '../flag-limits.js';
import { baseValue, type Quantity } from '../units.js';

/** A dose with the volume and the concentration that it was given as. */
interface DoseVolume {
  readonly dose: Quantity;
  readonly volume: Quantity;
  readonly concentration: Quantity;
  /** What the volume holds at that concentration, µg. */
  readonly microgram: number;
}

/** The dose, volume and concentration of a record; undefined where one of them is not stated. */
export function doseVolumeOf(data: object): DoseVolume | undefined {
  const { dose, volume, concentration } = data as Partial<DoseVolume>;
  if (!dose || !volume || !concentration || !concentration.unit.includes('g/')) return undefined;
  // 1 mg/mL is 1 µg/µL.
  return { dose, volume, concentration, microgram: baseValue(volume) * baseValue(concentration) };
}

/** Whether a volume at its concentration holds another dose than is stated, by more than rounding explains. */
export function isVolumeOff({ microgram }: Pick<DoseVolume, 'microgram'>, statedMicrogram: number): boolean {
  return Math.abs(microgram - statedMicrogram) > (DOSE_VOLUME_PERCENT / 100) * statedMicrogram;
}
