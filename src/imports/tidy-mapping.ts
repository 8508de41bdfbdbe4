/** The mapping of the product’s own tidy table: what the export writes, read back. */
type Shape = Record<string, unknown>;

const observation = {
  observedBy: optional('observed_by'),
  blinded: optional('blinded'),
  comment: optional('comment'),
};
const settings = {
  frequency: quantity('frequency_Hz', 'Hz'),
  pulseWidth: quantity('pulse_width_us', 'us'),
  amplitude: quantity('amplitude_mA', 'mA'),
  ...observation,
};
const fitted = { ...observation };

/** A dose goes in the unit that it was recorded in; the other column is worked out from it. */
const DOSES = [
  { recordedAs: 'ug', column: 'dose_ug', from: 'ug' },
  { recordedAs: 'mg', column: 'dose_ug', from: 'ug' },
  { recordedAs: 'ug/kg', column: 'dose_ug_per_kg', from: 'ug/kg' },
  { recordedAs: 'mg/kg', column: 'dose_ug_per_kg', from: 'ug/kg' },
] as const;

const scored = {
  groupBy: ['subject', 'occurred_at', 'scored', 'scale', 'session', 'minute', 'record'],
  data: { scores: { item: 'item', score: 'score' }, ...observation },
};

export const TIDY_MAPPING = {
  mapping: 'study-ledger/1',
  title: 'The tidy table of this product',
  reason: 'Imported from a tidy table',
  tables: [
    table('animal', 'EnrolSubject', {
      data: {
        species: 'species',
        strain: 'strain',
        sex: 'sex',
        dateOfBirth: optional('date_of_birth'),
        bodyWeight: quantity('body_weight_g', 'g'),
        'allocation.group': optional('group'),
        comment: optional('comment'),
      },
    }),
    table('weight', 'RecordBodyWeight', { data: { weight: quantity('body_weight_g', 'g'), ...observation } }),
    table('surgery', 'LigateNerve', {
      where: [{ column: 'procedure', is: ['partial-ligation', 'sham'] }],
      data: { procedure: 'procedure', nerve: 'nerve', side: 'side', ...fitted },
    }),
    table('surgery', 'ImplantElectrode', {
      where: [
        { column: 'procedure', is: ['electrode-implanted', 'electrode-repaired', 'electrode-replaced'] },
      ],
      data: {
        action: { column: 'procedure', strip: 'electrode-' },
        model: 'device',
        level: 'level',
        ...fitted,
      },
    }),
    table('surgery', 'ImplantCatheter', {
      where: [{ column: 'procedure', is: 'catheter-implanted' }],
      data: { route: 'route', tipLevel: 'level', side: 'side', ...fitted },
    }),
    table('run', 'RecordThreshold', {
      run: { touches: 'touches', irregular: 'flag' },
      data: {
        paw: 'paw',
        ladder: 'ladder',
        session: { reference: optional('session') },
        minute: optional('minute'),
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
          lot: 'lot',
          ...observation,
        },
      }),
    ),
    table('stimulation', 'ApplySCS', {
      label: 'session',
      data: {
        ...settings,
        duration: quantity('duration_min', 'min'),
        outcome: 'outcome',
        follows: { reference: optional('follows') },
      },
    }),
    table('score', 'ScoreSideEffects', {
      ...scored,
      where: [{ column: 'scored', is: 'side-effects' }],
      data: { ...scored.data, scale: 'scale', after: { reference: 'session' }, minute: 'minute' },
    }),
    table('score', 'ScoreWelfare', {
      ...scored,
      where: [{ column: 'scored', is: 'welfare' }],
      data: { ...scored.data, sheet: 'scale', severity: optional('severity') },
    }),
  ],
};

function table(kind: string, record: string, rest: Shape & { where?: readonly object[] }): Shape {
  return {
    record,
    subject: 'subject',
    occurredAt: { instant: 'occurred_at' },
    reason: optional('reason'),
    ...rest,
    where: [{ column: 'kind', is: kind }, ...(rest.where ?? [])],
  };
}

function optional(column: string): Shape {
  return { column, optional: true };
}

function quantity(column: string, unit: string): Shape {
  return { column, unit, optional: true };
}
