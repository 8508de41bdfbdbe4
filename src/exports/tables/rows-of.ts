import { baseText, type Quantity } from '../../study/quantity.js';
import { plainCells } from '../../study/events/plain-row.js';
import type { EventData } from '../../study/events/events.js';
import type { Fact } from '../../study/study.js';
import type { NamedCells } from './columns.js';
import { hasOwnRows, type KindOfRow } from './kinds.js';
import {
  based,
  doseAsRecorded,
  doseCells,
  measurementCells,
  runCells,
  stimulusCells,
  substanceCells,
} from './measured-cells.js';
import type { TidyAnimal } from './tidy-animal.js';

type RowsOf<T extends KindOfRow> = (fact: Fact<T>, animal: TidyAnimal) => Iterable<NamedCells>;

/** The cells of a fact's rows, beside those that every row has. */
export function rowsOf(fact: Fact, animal: TidyAnimal): Iterable<NamedCells> {
  return hasOwnRows(fact) ? ROWS[fact.type](fact as never, animal) : [plainRow(fact)];
}

function plainRow({ type, data }: Fact): NamedCells {
  const members = data as unknown as Readonly<
    Record<string, Quantity | string | number | boolean | undefined>
  >;
  const cells = plainCells(type).map(({ member, column }) => {
    const value = members[member];
    if (value === undefined) return [column, undefined];
    return [column, typeof value === 'object' ? baseText(value) : String(value)];
  });
  return Object.fromEntries(cells) as NamedCells;
}

const ROWS: { readonly [T in KindOfRow]: RowsOf<T> } = {
  SubjectEnrolled: ({ data }) => [
    {
      species: data.species,
      strain: data.strain,
      sex: data.sex,
      date_of_birth: data.dateOfBirth,
      genotype: data.genotype,
      cage: data.housing?.cage,
      group: data.allocation?.group,
      stratum: data.allocation?.stratum,
      body_weight_g: based(data.bodyWeight),
    },
  ],
  BodyWeightRecorded: ({ data }) => [{ body_weight_g: baseText(data.weight) }],
  NerveLigated: ({ data }) => [
    { procedure: data.procedure, nerve: data.nerve, side: data.side, ...operated(data) },
  ],
  ModelInduced: ({ data }) => [
    {
      procedure: data.kind,
      sham: yesOrNo(data.sham),
      agent: data.agent,
      ...(data.dose && { dose: data.dose.value, dose_recorded_as: data.dose.unit }),
      body_weight_g: based(data.bodyWeight),
      volume_uL: based(data.volume),
      vehicle: data.vehicle,
      site: data.site,
      side: data.side,
      route: data.route,
      lot: data.lot,
      ...operated(data),
    },
  ],
  ElectrodeImplanted: ({ data }) => [
    {
      procedure: `electrode-${data.action}`,
      device: data.model,
      level: data.level,
      ...operated(data),
    },
  ],
  CatheterImplanted: ({ data }) => [
    {
      procedure: 'catheter-implanted',
      route: data.route,
      level: data.tipLevel,
      side: data.side,
      ...operated(data),
    },
  ],
  ThresholdRecorded: (fact, animal) => [runCells(fact, animal)],
  MeasurementRecorded: (fact, animal) => [measurementCells(fact, animal)],
  MotorThresholdDetermined: ({ data }) => [stimulusCells(data)],
  SCSApplied: ({ number, data }, { labels }) => [
    {
      session: labels.get(number),
      setting: data.setting,
      follows: data.follows === undefined ? undefined : labels.get(data.follows),
      ...stimulusCells(data),
      burst_pulses: data.burst && String(data.burst.pulses),
      burst_frequency_Hz: based(data.burst?.frequency),
      on_s: based(data.dutyCycle?.on),
      off_s: based(data.dutyCycle?.off),
      percent_of_motor_threshold: based(data.percentOfMotorThreshold),
      duration_min: baseText(data.duration),
      outcome: data.outcome,
    },
  ],
  KetamineAdministered: (fact, animal) => [
    { session: animal.labels.get(fact.number), ...doseCells(fact, animal) },
  ],
  SubstanceAdministered: (fact, { labels }) => [
    { session: labels.get(fact.number), ...substanceCells(fact) },
  ],
  SideEffectsScored: ({ data }, { labels }) =>
    data.scores.map(({ item, score }) => ({
      scored: 'side-effects',
      scale: data.scale,
      session: labels.get(data.after),
      minute: String(data.minute),
      item,
      score: String(score),
    })),
  WelfareScored: ({ data }) =>
    data.scores.map(({ item, score }) => ({
      scored: 'welfare',
      scale: data.sheet,
      item,
      score: String(score),
      severity: data.severity,
      action: data.action,
    })),
  SubEffectiveDoseDesignated: ({ data }, animal) => [
    {
      ...doseAsRecorded(data.dose),
      rests_on: labelsOf(data.evidence, animal),
      description: data.justification,
    },
  ],
  AdverseEventReported: ({ data }) => [
    {
      description: data.description,
      expected: String(data.expected),
      severity: data.severity,
      relation: data.relation,
      action: data.action,
      outcome: data.outcome,
      reported_to: data.reportedTo,
    },
  ],
  InterventionRecorded: ({ data }, animal) => [
    {
      intervention: data.kind,
      description: data.description,
      agent: data.agent,
      agent_dose: data.dose,
      route: data.route,
      decided_by: data.orderedBy,
      rests_on: data.because === undefined ? undefined : labelsOf([data.because], animal),
    },
  ],
  EndpointDecided: ({ data }, animal) => [
    {
      endpoint: data.endpoint,
      decision: data.decision,
      description: data.justification,
      rests_on: labelsOf([data.reachedBy], animal),
    },
  ],
  SubjectExcluded: ({ data }) => [
    {
      criterion: data.criterion,
      prespecified: String(data.prespecified),
      after_unblinding: yesOrNo(data.afterUnblinding),
      decided_by: data.decidedBy,
    },
  ],
  SubjectEuthanised: ({ data }) => [
    {
      fate: 'killed',
      cause: data.cause,
      endpoint: data.endpoint,
      method: data.method,
      agent: data.agent,
      electrode_position: data.electrodePosition,
      catheter_position: data.catheterPosition,
    },
  ],
  FateRecorded: ({ data }) => [{ fate: data.fate, cause: data.cause, gone_to: data.to }],
  SeverityAssessed: ({ data }) => [{ severity: data.severity, description: data.basis }],
};

function operated(
  data: EventData<'NerveLigated' | 'ModelInduced' | 'ElectrodeImplanted' | 'CatheterImplanted'>,
): NamedCells {
  return {
    surgeon: data.surgeon,
    anaesthesia: data.anaesthesia?.agent,
    analgesia: data.analgesia?.agent,
    complication: data.complication?.code,
  };
}

/** A record that was withdrawn since has no row and no name. */
function labelsOf(numbers: readonly number[], { labels }: TidyAnimal): string | undefined {
  return numbers.flatMap((number) => labels.get(number) ?? []).join(' ') || undefined;
}

export function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
