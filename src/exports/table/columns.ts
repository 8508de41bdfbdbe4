/**
 * The columns of the tidy table, in order. Names carry the unit and are a contract with whoever reads the table in R or
 * imports it again: they are added to, never renamed.
 */
export interface Column {
  readonly name: string;
  /** Numbers are written without quotation or escaping, with the decimal mark that was asked for. */
  readonly type: 'text' | 'number';
  /** `recorded`: as entered; `derived`: computed from what was recorded; `provenance`: where it stands in the ledger. */
  readonly from: 'recorded' | 'derived' | 'provenance';
  readonly meaning: string;
}

export const COLUMNS = [
  text('kind', 'What the row is: animal, surgery, weight, run, motor-threshold, dose, stimulation, score'),
  text('subject', 'Identifier of the animal'),
  text('occurred_at', 'When it happened, as claimed, with its offset from UTC'),
  derivedNumber('study_day', 'Calendar days since the first ligation of the animal; negative before'),
  derivedText('phase', 'Where in the course of the animal a run lies'),
  text('session', 'The dose or stimulation that the row is of or belongs to, counted within the animal'),
  text('follows', 'The dose that a stimulation follows'),
  number('minute', 'Minutes since the session began'),
  text('paw', 'ipsilateral or contralateral to the lesion'),
  text('ladder', 'Set of filaments'),
  text(
    'touches',
    'Filament and response of every touch in order: X withdrew, O did not, ? could not be told',
  ),
  derivedText('run', 'The responses that were scored'),
  derivedNumber('threshold_g', '50 % withdrawal threshold; empty where there is only a bound'),
  derivedNumber('threshold_log10e4', 'log10(10,000 · threshold in g)'),
  derivedText('bound_relation', '< or >: the threshold lies below or above bound_g'),
  derivedNumber('bound_g', 'The bound'),
  derivedText(
    'threshold_status',
    'estimated, below-range, above-range, incomplete, outside-ladder, unsupported',
  ),
  derivedText('threshold_method', 'dixon-table, mle-constant or mle-exact: how k was found'),
  derivedNumber('k', 'Dixon’s k, or its likelihood counterpart'),
  derivedNumber('step_log10', 'Step of the ladder in log10 units'),
  derivedNumber(
    'baseline_g',
    'Threshold before the lesion by the protocol’s baseline rule; empty unless a number',
  ),
  derivedText('baseline_records', 'Records that baseline_g rests on'),
  derivedNumber('percent_of_baseline', '100 · threshold_g / baseline_g'),
  number('dose_ug', 'Amount of drug'),
  number('dose_ug_per_kg', 'Amount of drug per body weight used'),
  text('dose_recorded_as', 'Unit in which the dose was recorded; the other dose column is derived from it'),
  number('body_weight_g', 'Body weight; on a dose, the weight used for it'),
  number('volume_uL', 'Volume of the dose'),
  number('concentration_mg_per_mL', 'Concentration of the dose'),
  text('route', 'Route of a dose or of a catheter'),
  text('purpose', 'titration or combination'),
  text('lot', 'Lot of the drug'),
  number('frequency_Hz', 'Frequency of the stimulus'),
  number('pulse_width_us', 'Width of its pulses'),
  number('amplitude_mA', 'Its amplitude'),
  number('duration_min', 'Duration of a stimulation'),
  text('outcome', 'completed or aborted'),
  text('scale', 'Scale or sheet of a score'),
  text('scored', 'side-effects or welfare'),
  text('item', 'Item of the scale'),
  number('score', 'Score of the item'),
  text('severity', 'Severity as graded by hand'),
  text('procedure', 'partial-ligation, sham, electrode-implanted, -repaired, -replaced, catheter-implanted'),
  text('nerve', 'Nerve of a ligation'),
  text('side', 'Side of an operation'),
  text('device', 'Model of an electrode'),
  text('level', 'Vertebral level of an electrode or of a catheter’s tip'),
  text('species', 'Species'),
  text('strain', 'Strain'),
  text('sex', 'female or male'),
  text('date_of_birth', 'Date of birth'),
  text('group', 'Group that the animal was allocated to'),
  derivedText('excluded', 'true where the animal is excluded at this tree size'),
  text('observed_by', 'Who observed, where another than who entered'),
  text('blinded', 'true or false'),
  text('comment', 'Remark'),
  provenance('flags', 'Flags of the record: deviation, late, implausible and the reasons behind them'),
  provenance('reason', 'Reason given with the record that holds'),
  provenance('actor', 'Who entered the record that holds'),
  provenance('recorded_at', 'When it was entered'),
  provenance('protocol_version', 'Version of the protocol in force'),
  provenance('record', 'Number of the record that holds'),
  provenance('records', 'Numbers of all records of the fact: first statement and corrections in force'),
  provenance('study', 'Code of the study'),
  provenance('tree_size', 'Number of records that the table rests on: 0 to tree_size - 1'),
  provenance('root', 'RFC 6962 root of the tree at that size, base64'),
  provenance('simulated', 'true where no animal was used and every value was made by a program'),
] as const satisfies readonly Column[];

export type ColumnName = (typeof COLUMNS)[number]['name'];

/** Some cells of a row by name. Numbers are decimal text, so that the digits as read survive. */
export type NamedCells = { readonly [N in ColumnName]?: string | undefined };

/** A cell a column, in their order; what is absent is undefined. */
export type TidyRow = readonly (string | undefined)[];

const PLACES = Object.fromEntries(COLUMNS.map(({ name }, index) => [name, index])) as Record<
  ColumnName,
  number
>;

/** A row with further cells filled in. Rows are many and wide, and arrays are what the engine copies fastest. */
export function withCells(row: TidyRow, named: NamedCells): TidyRow {
  const cells = row.slice();
  for (const name of Object.keys(named) as ColumnName[]) cells[PLACES[name]] = named[name];
  return cells;
}

export const EMPTY_ROW: TidyRow = COLUMNS.map(() => undefined);

function text<const N extends string>(name: N, meaning: string) {
  return { name, type: 'text', from: 'recorded', meaning } as const;
}

function number<const N extends string>(name: N, meaning: string) {
  return { name, type: 'number', from: 'recorded', meaning } as const;
}

function derivedText<const N extends string>(name: N, meaning: string) {
  return { name, type: 'text', from: 'derived', meaning } as const;
}

function derivedNumber<const N extends string>(name: N, meaning: string) {
  return { name, type: 'number', from: 'derived', meaning } as const;
}

function provenance<const N extends string>(name: N, meaning: string) {
  const type = ['record', 'tree_size', 'protocol_version'].includes(name) ? 'number' : 'text';
  return { name, type, from: 'provenance', meaning } as const;
}
