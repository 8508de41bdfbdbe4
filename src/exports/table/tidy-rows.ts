import { baseText, doseOf, microgramText, type Quantity } from '../../study/quantity.js';
import { localDay } from '../../study/instant.js';
import { baseOfPhases, phaseOf, type PhaseBase } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { flagsOf } from '../../study/projections/unsupported.js';
import { isPoint } from '../../study/rules/interval.js';
import { toGrams } from '../../study/rules/ladder.js';
import { measure, preLesion } from '../../study/rules/measured-run.js';
import type { FactType } from '../../study/events.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { Stand } from '../stand.js';
import { EMPTY_ROW, withCells, type NamedCells, type TidyRow } from './columns.js';
import { plain } from './numbers.js';

/** What the rows of one animal have in common. */
interface Animal {
  readonly view: View;
  readonly history: readonly Fact[];
  readonly phases: PhaseBase;
  readonly ligationDay: number | undefined;
  /** Record number of a dose or stimulation → what it is called within the animal. */
  readonly sessions: ReadonlyMap<number, string>;
  readonly baseline: { readonly grams: number | null; readonly records: string } | null;
  readonly everyRow: TidyRow;
}

/**
 * Every effective measurement and treatment as rows that a statistician can use as they are, animal by animal, each in
 * order of what happened; what was superseded is in the audit trail. Works lazily: a row at a time.
 */
export function* tidyRows(view: View, stand: Stand): Generator<TidyRow> {
  const placed: NamedCells = {
    study: stand.code,
    tree_size: String(stand.size),
    root: stand.root,
    simulated: String(stand.simulated),
  };
  for (const { id, history } of view.animals()) {
    const animal = animalOf(view, id, history, placed);
    for (const fact of history) {
      const stated = ROWS[fact.type];
      if (!stated) continue;
      const common = commonTo(animal, fact);
      for (const row of stated(fact as never, animal)) yield withCells(common, row);
    }
  }
}

function animalOf(view: View, subject: string, history: readonly Fact[], placed: NamedCells): Animal {
  const ligation = factsOf(history, 'NerveLigated')[0];
  const baseline = view.protocols.versions.length === 0 ? null : preLesion(history, view.protocols);
  const excluded = history.some(({ type }) => type === 'SubjectExcluded') ? 'true' : undefined;
  return {
    view,
    history,
    phases: baseOfPhases(history),
    ligationDay: ligation && localDay(ligation.time),
    sessions: sessionsOf(history),
    baseline: baseline && {
      grams: isPoint(baseline.log) ? toGrams(baseline.log.lower) : null,
      records: baseline.evidence.join(' '),
    },
    everyRow: withCells(EMPTY_ROW, { subject, excluded, ...placed }),
  };
}

/** `dose-1`, `stimulation-2`: names that stay the same when the records are entered again elsewhere. */
export function sessionsOf(history: readonly Fact[]): Map<number, string> {
  const names = new Map<number, string>();
  factsOf(history, 'KetamineAdministered').forEach(({ number }, i) => names.set(number, `dose-${i + 1}`));
  factsOf(history, 'SCSApplied').forEach(({ number }, i) => names.set(number, `stimulation-${i + 1}`));
  return names;
}

function commonTo({ view, history, ligationDay, everyRow }: Animal, fact: Fact): TidyRow {
  const holder = view.study.records.at(fact.holder)?.record;
  const data = fact.data as { observedBy?: string; blinded?: boolean; comment?: string };
  const corrections = view.study.corrections.get(fact.number) ?? [];
  return withCells(everyRow, {
    occurred_at: fact.time,
    study_day: ligationDay === undefined ? undefined : String(localDay(fact.time) - ligationDay),
    observed_by: data.observedBy,
    blinded: data.blinded === undefined ? undefined : String(data.blinded),
    comment: data.comment,
    flags: flagsOf(fact, history).join(' ') || undefined,
    reason: holder?.reason,
    actor: holder?.actor,
    recorded_at: holder?.recordedtime,
    protocol_version: fact.protocolVersion === undefined ? undefined : String(fact.protocolVersion),
    record: String(fact.holder),
    records: corrections.length === 0 ? String(fact.number) : [fact.number, ...corrections].join(' '),
  });
}

type RowsOf<T extends FactType> = (fact: Fact<T>, animal: Animal) => Iterable<NamedCells>;

/** What each kind of fact says in rows; kinds that are not here have none. */
const ROWS: { readonly [T in FactType]?: RowsOf<T> } = {
  SubjectEnrolled: ({ data }) => [
    {
      kind: 'animal',
      species: data.species,
      strain: data.strain,
      sex: data.sex,
      date_of_birth: data.dateOfBirth,
      group: data.allocation?.group,
      body_weight_g: based(data.bodyWeight),
    },
  ],
  BodyWeightRecorded: ({ data }) => [{ kind: 'weight', body_weight_g: baseText(data.weight) }],
  NerveLigated: ({ data }) => [
    { kind: 'surgery', procedure: data.procedure, nerve: data.nerve, side: data.side },
  ],
  ElectrodeImplanted: ({ data }) => [
    { kind: 'surgery', procedure: `electrode-${data.action}`, device: data.model, level: data.level },
  ],
  CatheterImplanted: ({ data }) => [
    {
      kind: 'surgery',
      procedure: 'catheter-implanted',
      route: data.route,
      level: data.tipLevel,
      side: data.side,
    },
  ],
  ThresholdRecorded: (fact, animal) => [runRow(fact, animal)],
  MotorThresholdDetermined: ({ data }) => [{ kind: 'motor-threshold', ...stimulus(data) }],
  SCSApplied: ({ number, data }, { sessions }) => [
    {
      kind: 'stimulation',
      session: sessions.get(number),
      follows: data.follows === undefined ? undefined : sessions.get(data.follows),
      ...stimulus(data),
      duration_min: baseText(data.duration),
      outcome: data.outcome,
    },
  ],
  KetamineAdministered: (fact, { sessions }) => [doseRow(fact, sessions.get(fact.number))],
  SideEffectsScored: ({ data }, { sessions }) =>
    data.scores.map(({ item, score }) => ({
      kind: 'score',
      scored: 'side-effects',
      scale: data.scale,
      session: sessions.get(data.after),
      minute: String(data.minute),
      item,
      score: String(score),
    })),
  WelfareScored: ({ data }) =>
    data.scores.map(({ item, score }) => ({
      kind: 'score',
      scored: 'welfare',
      scale: data.sheet,
      item,
      score: String(score),
      severity: data.severity,
    })),
};

function runRow(fact: Fact<'ThresholdRecorded'>, animal: Animal): NamedCells {
  const { data } = fact;
  const { threshold } = measure(fact, animal.view.protocols);
  const baseline = data.paw === 'ipsilateral' ? animal.baseline : null;
  return {
    kind: 'run',
    phase: phaseOf(fact, animal.phases),
    session: data.session === undefined ? undefined : animal.sessions.get(data.session),
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

function doseRow({ data }: Fact<'KetamineAdministered'>, session: string | undefined): NamedCells {
  const { microgram, microgramPerKg } = doseOf(data.dose, data.bodyWeight);
  const asAmount = data.dose.unit === 'ug' || data.dose.unit === 'mg';
  return {
    kind: 'dose',
    session,
    dose_ug: asAmount ? microgramText(data.dose) : plain(microgram),
    dose_ug_per_kg: asAmount ? plain(microgramPerKg) : baseText(data.dose),
    dose_recorded_as: data.dose.unit,
    body_weight_g: baseText(data.bodyWeight),
    volume_uL: baseText(data.volume),
    concentration_mg_per_mL: based(data.concentration),
    route: data.route,
    purpose: data.purpose,
    lot: data.lot,
  };
}

function stimulus(data: { frequency: Quantity; pulseWidth: Quantity; amplitude: Quantity }): NamedCells {
  return {
    frequency_Hz: baseText(data.frequency),
    pulse_width_us: baseText(data.pulseWidth),
    amplitude_mA: baseText(data.amplitude),
  };
}

function based(quantity: Quantity | undefined): string | undefined {
  return quantity && baseText(quantity);
}
