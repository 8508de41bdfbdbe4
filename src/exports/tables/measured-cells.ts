import { phaseOf } from '../../study/projections/phase.js';
import { doseKind, isPerWeight } from '../../study/dose.js';
import { baseText, doseOf, microgramText, type AnyDose, type Quantity } from '../../study/quantity.js';
import { substanceOf } from '../../study/rules/administration.js';
import { isPoint } from '../../study/rules/interval.js';
import { assayOf, resultOf, trialsText } from '../../study/rules/measurement.js';
import { measure } from '../../study/rules/measured-run.js';
import type { Fact } from '../../study/study.js';
import type { NamedCells } from './columns.js';
import { plain } from './numbers.js';
import type { TidyAnimal } from './tidy-animal.js';

/** A run of filaments with the threshold derived from it, by the protocol of its day. */
export function runCells(fact: Fact<'ThresholdRecorded'>, animal: TidyAnimal): NamedCells {
  const { data } = fact;
  const { threshold } = measure(fact, animal.view.protocols);
  const baseline = data.paw === 'ipsilateral' ? animal.baseline : null;
  return {
    phase: phaseOf(fact, animal.phases),
    session: data.session === undefined ? undefined : animal.labels.get(data.session),
    minute: data.minute === undefined ? undefined : String(data.minute),
    paw: data.paw,
    ladder: data.ladder,
    touches: data.touches.map(({ filament, response }) => filament + response).join(' '),
    run: threshold.run || undefined,
    threshold_g: plain(threshold.grams),
    threshold_log10e4: plain(threshold.log10e4),
    bound_relation: threshold.bound?.relation,
    bound_g: plain(threshold.bound?.grams),
    threshold_status: threshold.status,
    threshold_method: threshold.method ?? undefined,
    k: plain(threshold.k),
    step_log10: plain(threshold.delta),
    baseline_g: plain(baseline?.grams),
    baseline_records: baseline?.records,
    percent_of_baseline:
      threshold.grams === null || !baseline?.grams
        ? undefined
        : plain((100 * threshold.grams) / baseline.grams),
  };
}

/** The trials of an assay with the result derived from them, by the protocol of its day. */
export function measurementCells(fact: Fact<'MeasurementRecorded'>, animal: TidyAnimal): NamedCells {
  const { assay: name, site, trials, session, minute } = fact.data;
  const assay = assayOf(fact, animal.view.protocols);
  const result = assay && resultOf(assay, trials, animal.injuredSide);
  return {
    phase: phaseOf(fact, animal.phases),
    session: session === undefined ? undefined : animal.labels.get(session),
    minute: minute === undefined ? undefined : String(minute),
    assay: name,
    site,
    trials: trialsText(trials),
    device: fact.data.device,
    value: plain(result?.lower ?? null),
    value_unit: result ? assay.unit : undefined,
    value_bound: result && !isPoint(result) ? '>' : undefined,
  };
}

export function substanceCells({ data }: Fact<'SubstanceAdministered'>): NamedCells {
  const { microgram, microgramPerKg } = doseOf(data.dose, data.bodyWeight);
  return {
    substance: data.substance,
    dose: data.dose.value,
    dose_ug: plain(microgram),
    dose_ug_per_kg: plain(microgramPerKg),
    dose_recorded_as: data.dose.unit,
    body_weight_g: based(data.bodyWeight),
    volume_uL: based(data.volume),
    route: data.route,
    purpose: data.purpose,
    vehicle: data.vehicle,
    lot: data.lot,
  };
}

export function doseCells(fact: Fact<'KetamineAdministered'>, { view }: TidyAnimal): NamedCells {
  const { data } = fact;
  const { microgram, microgramPerKg } = doseOf(data.dose, data.bodyWeight);
  return {
    substance: substanceOf(fact, view.protocols).id,
    dose_ug: plain(microgram),
    dose_ug_per_kg: plain(microgramPerKg),
    ...doseAsRecorded(data.dose),
    body_weight_g: baseText(data.bodyWeight),
    volume_uL: baseText(data.volume),
    concentration_mg_per_mL: based(data.concentration),
    route: data.route,
    purpose: data.purpose,
    vehicle: data.vehicle,
    lot: data.lot,
  };
}

/** The digits that were read, in the column of their kind: an amount, an amount per body weight, or no mass. */
export function doseAsRecorded(dose: AnyDose): NamedCells {
  if (doseKind(dose) !== 'mass') return { dose: dose.value, dose_recorded_as: dose.unit };
  return {
    ...(!isPerWeight(dose) ? { dose_ug: microgramText(dose) } : { dose_ug_per_kg: baseText(dose) }),
    dose_recorded_as: dose.unit,
  };
}

export function stimulusCells(data: {
  frequency: Quantity;
  pulseWidth: Quantity;
  amplitude: Quantity;
}): NamedCells {
  return {
    frequency_Hz: baseText(data.frequency),
    pulse_width_us: baseText(data.pulseWidth),
    amplitude_mA: baseText(data.amplitude),
  };
}

export function based(quantity: Quantity | undefined): string | undefined {
  return quantity && baseText(quantity);
}
