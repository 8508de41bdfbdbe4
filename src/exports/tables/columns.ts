import { plainCells, plainKind, type PlainCell } from '../../study/events/plain-row.js';
import { PLAIN_FACTS } from './kinds.js';

/**
 * The columns of the tidy table, in order. Names contain the unit. Programs that read or import the table rely on
 * them: columns are added, never renamed.
 */
export interface Column {
  readonly name: string;
  /**
   * Numbers are written without quotation or escaping, with the decimal mark that was asked for; booleans as TRUE and FALSE,
   * the one form that R, pandas and spreadsheets all take for what it is.
   */
  readonly type: 'text' | 'number' | 'boolean';
  /** `recorded`: as entered; `derived`: computed from what was recorded; `provenance`: its place in the ledger. */
  readonly from: 'recorded' | 'derived' | 'provenance';
  readonly meaning: string;
}

const NAMED = [
  text(
    'kind',
    'What the row is: animal, surgery, induction, weight, run, measurement, motor-threshold, dose, substance, stimulation, score, designation, adverse-event, intervention, endpoint-decision, exclusion, end, severity' +
      PLAIN_FACTS.map((type) => `, ${plainKind(type)}`).join(''),
  ),
  text('subject', 'Identifier of the animal'),
  text('occurred_at', 'When it happened, as claimed, with its offset from UTC'),
  derivedNumber(
    'study_day',
    'Calendar days since day 0, the induction of the model in the animal, or its enrolment where it is naive; negative before',
  ),
  derivedText('phase', 'Where in the course of the animal a run lies'),
  derivedText('label', 'What the record is called within its animal, for the columns that name another row'),
  text('session', 'The dose or stimulation that the row is of or belongs to, counted within the animal'),
  text('follows', 'The dose that a stimulation follows'),
  text(
    'rests_on',
    'Labels of the rows that a designation, an intervention or a decision names, with blanks between',
  ),
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
  text('assay', 'Assay of a measurement, as the protocol calls it'),
  text('site', 'Where it was measured or injected'),
  text(
    'trials',
    'Its trials in order: 12.4, 20.0> (stopped there), 0.6:2/5 (filament, responses of touches), 52.1|40.3 (left, right)',
  ),
  derivedNumber('value', 'Result of its trials by the assay; where a trial was stopped, a lower bound'),
  derivedText('value_unit', 'Unit of the value'),
  derivedText('value_bound', '> where the value is a lower bound'),
  text('substance', 'Substance of a dose, as the protocol calls it'),
  number('dose', 'Dose in the unit of dose_recorded_as, where its substance was recorded by name'),
  number('dose_ug', 'Amount of drug, where it is a mass'),
  number('dose_ug_per_kg', 'Amount of drug per body weight used, where it is a mass'),
  text(
    'dose_recorded_as',
    'Unit in which the dose was recorded; what it was not recorded in is derived from it',
  ),
  number('body_weight_g', 'Body weight; on a dose, the weight used for it'),
  number('volume_uL', 'Volume of the dose'),
  number('concentration_mg_per_mL', 'Concentration of the dose'),
  text('route', 'Route of a dose, of an induction or of a catheter'),
  text('purpose', 'titration, combination, test, vehicle, control or rescue'),
  text('vehicle', 'Vehicle of a dose or of an induction'),
  text('lot', 'Lot of the drug'),
  text('setting', 'Setting of a stimulation, as the protocol calls it'),
  number('frequency_Hz', 'Frequency of the stimulus'),
  number('pulse_width_us', 'Width of its pulses'),
  number('amplitude_mA', 'Its amplitude'),
  number('burst_pulses', 'Pulses of a burst; the frequency is then that of the bursts'),
  number('burst_frequency_Hz', 'Frequency of the pulses in a burst'),
  number('on_s', 'Seconds of stimulation, where it comes and goes'),
  number('off_s', 'Seconds of pause'),
  number('percent_of_motor_threshold', 'Amplitude of a stimulation as a share of the motor threshold'),
  number('duration_min', 'Duration of a stimulation'),
  text('outcome', 'completed or aborted; or how an adverse event ended, in words'),
  text('scale', 'Scale or sheet of a score'),
  text('scored', 'side-effects or welfare'),
  text('item', 'Item of the scale'),
  number('score', 'Score of the item'),
  text('severity', 'Severity as graded by hand; in a row severity, that of the whole use'),
  text(
    'procedure',
    'Operation on a nerve (partial-ligation, sham, spared-nerve-injury, …), electrode-implanted, -repaired, -replaced, catheter-implanted; of an induction injection, systemic, incision, other',
  ),
  boolean('sham', 'Whether an induction was a sham'),
  text('nerve', 'Nerve of a ligation'),
  text('side', 'Side of an operation'),
  text('device', 'Model of an electrode'),
  text('level', 'Vertebral level of an electrode or of a catheter’s tip'),
  text('surgeon', 'Who operated'),
  text('anaesthesia', 'Agent of the anaesthesia of an operation'),
  text('analgesia', 'Agent of the analgesia of an operation'),
  text('complication', 'Code of what went wrong in an operation'),
  text('description', 'What happened, what was done, or why it was decided so'),
  boolean('expected', 'Whether the protocol expects the adverse event'),
  text('relation', 'Of an adverse event to the procedure: unrelated, possible, probable, definite'),
  text('action', 'What was done about a score or an adverse event'),
  text('reported_to', 'Whom an adverse event was reported to'),
  text('intervention', 'Kind of what was done for the animal: analgesia, fluid, housing, …'),
  text('agent', 'Agent that was given, to induce the model, to treat or to kill'),
  text('agent_dose', 'Its dose, as written on the sheet'),
  text('endpoint', 'Humane endpoint that was reached, as the protocol calls it'),
  text('decision', 'What was decided about it: kill, treat, change-design, continue, not-confirmed'),
  text('criterion', 'Criterion of an exclusion, as the protocol calls it'),
  boolean('prespecified', 'Whether the criterion was fixed beforehand'),
  boolean('after_unblinding', 'Whether the treatment was known when the animal was excluded'),
  text('decided_by', 'Who decided an exclusion, or ordered an intervention'),
  text('fate', 'How the animal left: killed, found-dead, released, rehomed, kept-alive'),
  text('cause', 'Why it was killed (planned, humane-endpoint, …), or what it died of'),
  text('method', 'Method of killing'),
  text('gone_to', 'Where a living animal went'),
  text('electrode_position', 'Position of the electrode, as found after death'),
  text('catheter_position', 'Position of the catheter, as found after death'),
  text('species', 'Species'),
  text('strain', 'Strain'),
  text('sex', 'female or male'),
  text('date_of_birth', 'Date of birth'),
  text('genotype', 'Genotype'),
  text('cage', 'Cage at enrolment'),
  text('group', 'Group that the animal was allocated to'),
  text('stratum', 'Stratum of the allocation'),
  { ...boolean('excluded', 'Whether the animal is excluded at this tree size'), from: 'derived' },
  text('observed_by', 'Who observed, where another than who entered'),
  boolean('blinded', 'Whether the observer was blinded'),
  text('comment', 'Remark'),
  provenance('flags', 'Flags of the record: deviation, late, implausible and the reasons behind them'),
  provenance('deviation_impact', 'Impact of a deviation as the study director judged it: none, minor, major'),
  provenance('deviation_assessment', 'What the study director said of it'),
  provenance('reason', 'Reason given with the record that holds'),
  provenance('actor', 'Who entered the record that holds'),
  provenance('recorded_at', 'When it was entered'),
  provenance('protocol_version', 'Version of the protocol in force'),
  provenance('record', 'Number of the record that holds'),
  provenance('records', 'Numbers of all records of the fact: first statement and corrections in force'),
  provenance('study', 'Code of the study'),
  provenance('tree_size', 'Number of records that the table rests on: 0 to tree_size - 1'),
  provenance('root', 'RFC 6962 root of the tree at that size, base64'),
  {
    ...boolean('simulated', 'Whether no animal was used and every value was made by a program'),
    from: 'provenance',
  },
] as const satisfies readonly Column[];

type ColumnName = (typeof NAMED)[number]['name'];

/** The columns above, then those of facts whose rows follow from their schema. */
export const COLUMNS: readonly Column[] = [...NAMED, ...plainColumns(new Set(NAMED.map(({ name }) => name)))];

function plainColumns(known: Set<string>): Column[] {
  const added: Column[] = [];
  for (const type of PLAIN_FACTS) {
    for (const { column, kind, member } of plainCells(type)) {
      if (known.has(column)) continue;
      known.add(column);
      added.push({
        name: column,
        type: typeOf(kind),
        from: 'recorded',
        meaning: `${nameInWords(member)} of a row ${plainKind(type)}`,
      });
    }
  }
  return added;
}

function typeOf(kind: PlainCell['kind']): Column['type'] {
  if (kind === 'boolean') return 'boolean';
  return kind === 'quantity' || kind === 'number' ? 'number' : 'text';
}

function nameInWords(member: string): string {
  const words = member.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Some cells of a row by name. Numbers are decimal text, so that their digits stay as read; booleans `true` or `false`. */
export type NamedCells = { readonly [N in ColumnName]?: string | undefined };

/** A cell for each column, in their order; undefined where there is no value. */
export type TidyRow = readonly (string | undefined)[];

const PLACES = Object.fromEntries(COLUMNS.map(({ name }, index) => [name, index])) as Record<string, number>;

/** A row with further cells filled in. There are many wide rows, and V8 copies arrays fastest. */
export function withCells(row: TidyRow, named: NamedCells): TidyRow {
  const cells = row.slice();
  for (const name of Object.keys(named) as ColumnName[]) cells[PLACES[name]!] = named[name];
  return cells;
}

export const EMPTY_ROW: TidyRow = COLUMNS.map(() => undefined);

function text<const N extends string>(name: N, meaning: string) {
  return { name, type: 'text', from: 'recorded', meaning } as const;
}

function number<const N extends string>(name: N, meaning: string) {
  return { name, type: 'number', from: 'recorded', meaning } as const;
}

function boolean<const N extends string>(name: N, meaning: string) {
  return { name, type: 'boolean', from: 'recorded', meaning } as const;
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
