import { CATALOGUE } from '../../study/catalogue.js';
import { SubjectCommand, type CommandDefinition } from '../../study/commands/common/command.js';
import { EVENTS, type FactType } from '../../study/events/events.js';
import { NerveProcedure } from '../../study/events/treatment-parts.js';
import { plainCells, plainKind } from '../../study/events/plain-row.js';

/**
 * The mapping of the product’s own tidy table: what the export writes, read back. It is one list with an entry a kind of row,
 * and is compared with the export from top to bottom, although it is long.
 */
type Shape = Record<string, unknown>;

const observation = {
  observedBy: optional('observed_by'),
  blinded: optional('blinded'),
  comment: words('comment'),
};
const settings = {
  frequency: quantity('frequency_Hz', 'Hz'),
  pulseWidth: quantity('pulse_width_us', 'us'),
  amplitude: quantity('amplitude_mA', 'mA'),
  ...observation,
};
const operated = {
  surgeon: optional('surgeon'),
  'anaesthesia.agent': words('anaesthesia'),
  'analgesia.agent': words('analgesia'),
  'complication.code': optional('complication'),
  ...observation,
};

/** A dose goes in the unit that it was recorded in; the other column is worked out from it. */
const DOSES = [
  { recordedAs: 'ug', column: 'dose_ug', from: 'ug' },
  { recordedAs: 'mg', column: 'dose_ug', from: 'ug' },
  { recordedAs: 'ug/kg', column: 'dose_ug_per_kg', from: 'ug/kg' },
  { recordedAs: 'mg/kg', column: 'dose_ug_per_kg', from: 'ug/kg' },
] as const;

/** The digits and the unit of a dose as they were recorded. */
const ofAnyUnit = { ...optional('dose'), unitFrom: optional('dose_recorded_as') };

const scored = {
  groupBy: ['subject', 'occurred_at', 'scored', 'scale', 'session', 'minute', 'record'],
  data: { scores: { item: 'item', score: 'score' }, ...observation },
};

const TABLES = [
  table('animal', 'EnrolSubject', {
    data: {
      species: stated('species'),
      strain: stated('strain'),
      sex: 'sex',
      dateOfBirth: optional('date_of_birth'),
      bodyWeight: quantity('body_weight_g', 'g'),
      genotype: words('genotype'),
      'housing.cage': words('cage'),
      'allocation.group': words('group'),
      'allocation.stratum': words('stratum'),
      comment: words('comment'),
    },
  }),
  table('weight', 'RecordBodyWeight', { data: { weight: quantity('body_weight_g', 'g'), ...observation } }),
  table('surgery', 'LigateNerve', {
    where: [{ column: 'procedure', is: NerveProcedure.enum }],
    data: { procedure: 'procedure', nerve: 'nerve', side: 'side', ...operated },
  }),
  table('induction', 'InduceModel', {
    data: {
      kind: 'procedure',
      sham: optional('sham'),
      agent: words('agent'),
      dose: ofAnyUnit,
      bodyWeight: quantity('body_weight_g', 'g'),
      volume: quantity('volume_uL', 'uL'),
      vehicle: words('vehicle'),
      site: words('site'),
      side: optional('side'),
      route: optional('route'),
      lot: words('lot'),
      ...operated,
    },
  }),
  table('surgery', 'ImplantElectrode', {
    where: [{ column: 'procedure', is: ['electrode-implanted', 'electrode-repaired', 'electrode-replaced'] }],
    data: {
      action: { column: 'procedure', strip: 'electrode-' },
      model: stated('device'),
      level: stated('level'),
      ...operated,
    },
  }),
  table('surgery', 'ImplantCatheter', {
    where: [{ column: 'procedure', is: 'catheter-implanted' }],
    data: { route: stated('route'), tipLevel: stated('level'), side: 'side', ...operated },
  }),
  table('run', 'RecordThreshold', {
    run: { touches: 'touches', irregular: 'flag' },
    data: {
      paw: 'paw',
      ladder: stated('ladder'),
      session: { reference: optional('session') },
      minute: optional('minute'),
      ...observation,
    },
  }),
  table('measurement', 'RecordMeasurement', {
    data: {
      assay: 'assay',
      site: 'site',
      trials: 'trials',
      session: { reference: optional('session') },
      minute: optional('minute'),
      device: words('device'),
      ...observation,
    },
  }),
  table('motor-threshold', 'DetermineMotorThreshold', { data: settings }),
  ...DOSES.map(({ recordedAs, column, from }) =>
    table('dose', 'AdministerKetamine', {
      name: `dose-in-${recordedAs.replace('/', '-per-')}`,
      where: [{ column: 'dose_recorded_as', is: recordedAs }],
      label: 'session',
      data: {
        dose: { column, from, unit: recordedAs },
        bodyWeight: quantity('body_weight_g', 'g'),
        route: 'route',
        volume: quantity('volume_uL', 'uL'),
        concentration: quantity('concentration_mg_per_mL', 'mg/mL'),
        purpose: 'purpose',
        lot: words('lot'),
        ...observation,
      },
    }),
  ),
  table('substance', 'AdministerSubstance', {
    label: 'session',
    data: {
      substance: 'substance',
      dose: ofAnyUnit,
      bodyWeight: quantity('body_weight_g', 'g'),
      route: 'route',
      volume: quantity('volume_uL', 'uL'),
      purpose: 'purpose',
      vehicle: words('vehicle'),
      lot: words('lot'),
      ...observation,
    },
  }),
  table('stimulation', 'ApplySCS', {
    label: 'session',
    data: {
      setting: optional('setting'),
      ...settings,
      'burst.pulses': optional('burst_pulses'),
      'burst.frequency': quantity('burst_frequency_Hz', 'Hz'),
      'dutyCycle.on': quantity('on_s', 's'),
      'dutyCycle.off': quantity('off_s', 's'),
      percentOfMotorThreshold: quantity('percent_of_motor_threshold', '%'),
      duration: quantity('duration_min', 'min'),
      outcome: 'outcome',
      follows: { reference: optional('follows') },
    },
  }),
  table('score', 'ScoreSideEffects', {
    ...scored,
    where: [{ column: 'scored', is: 'side-effects' }],
    data: { ...scored.data, scale: stated('scale'), after: { reference: 'session' }, minute: 'minute' },
  }),
  table('score', 'ScoreWelfare', {
    ...scored,
    where: [{ column: 'scored', is: 'welfare' }],
    data: {
      ...scored.data,
      sheet: stated('scale'),
      severity: optional('severity'),
      action: words('action'),
    },
  }),
  ...DOSES.map(({ recordedAs, column, from }) =>
    table('designation', 'DesignateSubEffectiveDose', {
      name: `designated-in-${recordedAs.replace('/', '-per-')}`,
      where: [{ column: 'dose_recorded_as', is: recordedAs }],
      data: {
        dose: { column, from, unit: recordedAs },
        evidence: { reference: 'rests_on' },
        justification: stated('description'),
      },
    }),
  ),
  table('adverse-event', 'ReportAdverseEvent', {
    data: {
      description: stated('description'),
      expected: 'expected',
      severity: 'severity',
      relation: optional('relation'),
      action: words('action'),
      outcome: words('outcome'),
      reportedTo: words('reported_to'),
      ...observation,
    },
  }),
  table('intervention', 'RecordIntervention', {
    data: {
      kind: 'intervention',
      description: words('description'),
      agent: words('agent'),
      dose: words('agent_dose'),
      route: words('route'),
      orderedBy: optional('decided_by'),
      because: { reference: optional('rests_on') },
      ...observation,
    },
  }),
  table('endpoint-decision', 'DecideEndpoint', {
    data: {
      endpoint: 'endpoint',
      decision: 'decision',
      justification: stated('description'),
      reachedBy: { reference: 'rests_on' },
    },
  }),
  table('exclusion', 'ExcludeSubject', {
    data: {
      criterion: optional('criterion'),
      prespecified: 'prespecified',
      afterUnblinding: optional('after_unblinding'),
      decidedBy: optional('decided_by'),
      comment: words('comment'),
    },
  }),
  table('end', 'EuthaniseSubject', {
    where: [{ column: 'fate', is: 'killed' }],
    data: {
      cause: 'cause',
      endpoint: optional('endpoint'),
      method: stated('method'),
      agent: words('agent'),
      electrodePosition: words('electrode_position'),
      catheterPosition: words('catheter_position'),
      ...observation,
    },
  }),
  table('end', 'RecordFate', {
    where: [{ column: 'fate', is: ['found-dead', 'released', 'rehomed', 'kept-alive'] }],
    data: { fate: 'fate', cause: words('cause'), to: words('gone_to'), ...observation },
  }),
  table('severity', 'AssessSeverity', { data: { severity: 'severity', basis: words('description') } }),
];

export const TIDY_MAPPING = {
  mapping: 'study-ledger/1',
  title: 'The tidy table of this product',
  digits: 'as-shown',
  // Derived columns and provenance.
  ignore: '*',
  reason: 'Imported from a tidy table',
  tables: [...TABLES, ...plainTables()],
};

/** Of the facts about animals that no table above reads: their rows have a cell for each member. */
function plainTables(): Shape[] {
  const read = new Set(TABLES.map(({ record }) => record));
  return CATALOGUE.filter(
    ({ name, command }) => command.prototype instanceof SubjectCommand && !read.has(name),
  ).map(plainTable);
}

function plainTable({ name, records }: CommandDefinition): Shape {
  const type = records as FactType;
  const members = EVENTS[type].properties;
  const data: Shape = Object.fromEntries(
    Object.entries(observation).filter(([member]) => Object.hasOwn(members, member)),
  );
  for (const { member, column, kind, unit, required } of plainCells(type)) {
    const optional = !required && { optional: true };
    data[member] = {
      column,
      ...optional,
      ...(kind === 'words' && { verbatim: true }),
      ...(unit && { unit }),
    };
  }
  return table(plainKind(type), name, { data });
}

function table(kind: string, record: string, rest: Shape & { where?: readonly object[] }): Shape {
  return {
    record,
    // Of the spreadsheet; the others explain it. A CSV file has no sheets.
    sheets: ['data'],
    subject: 'subject',
    occurredAt: { instant: 'occurred_at' },
    reason: words('reason'),
    label: optional('label'),
    ...rest,
    where: [{ column: 'kind', is: kind }, ...(rest.where ?? [])],
  };
}

function optional(column: string): Shape {
  return { column, optional: true };
}

/** In somebody’s own words, the blanks around them included. */
function words(column: string): Shape {
  return { column, optional: true, verbatim: true };
}

function stated(column: string): Shape {
  return { column, verbatim: true };
}

function quantity(column: string, unit: string): Shape {
  return { column, unit, optional: true };
}
