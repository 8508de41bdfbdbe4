import type { EventData, EventType } from '../../study/events/events.js';
import type { StoredStudyRecord, StudyRecord } from '../../study/record.js';
import { formatQuantity, type Quantity } from '../../study/quantity.js';
import { substanceIn } from '../../study/rules/planned.js';
import type { Assay } from '../../study/protocol/measurements.js';
import { deriveThreshold, type Threshold } from '../../study/rules/threshold.js';
import type { View } from '../../study/projections/projection.js';
import { totalOf } from '../../study/welfare/score-sheet.js';
import { coveredBy, readStatement } from '../../study/signatures/statement.js';
import { typeInWords } from '../../exports/documents/type-in-words.js';
import { clockOf, dateInWords, offsetOf } from './dates.js';
import { patternInWords } from './pattern.js';
import { cite, counted, type Phrase } from './phrase.js';
import { thresholdInWords } from './threshold.js';

interface Told {
  /** The animal, or `the study` where the record is about none. */
  readonly who: Phrase;
  readonly threshold: Threshold | undefined;
  /** What the protocol of the record calls a substance; without an id, that of AdministerKetamine. */
  readonly nameOf: (substance?: string) => string;
  /** Of a measurement, its assay in the protocol of its day. */
  readonly assay: Assay | undefined;
}

type Teller<T extends EventType> = (data: EventData<T>, told: Told) => Phrase[];

/** What a record says, as one sentence. What is computed from a run stands in it; the rest is as it was stored. */
export function sentence({ protocols }: View, { record }: StoredStudyRecord): Phrase[] {
  const touches = touchesIn(record);
  const protocol = protocols.versions.find(({ version }) => version === record.protocolversion)?.protocol;
  const { assays, ladder, reading } = protocol ?? protocols.versions[0]?.protocol ?? {};
  const told: Told = {
    who: record.subject === undefined ? 'The study' : { animal: record.subject },
    nameOf: (substance) => {
      const { id, name } = protocol ? substanceIn(protocol, substance) : { id: substance ?? 'ketamine' };
      return name ?? words(id);
    },
    threshold: touches && ladder ? deriveThreshold(ladder, touches, reading) : undefined,
    assay: assays?.find(({ id }) => id === assayIn(record)),
  };
  const tell = TELLERS[record.type] as Teller<EventType>;
  return tell(record.data, told);
}

function touchesIn({ type, data }: StudyRecord): EventData<'ThresholdRecorded'>['touches'] | undefined {
  if (type === 'ThresholdRecorded') return (data as EventData<'ThresholdRecorded'>).touches;
  if (type !== 'RecordCorrected') return undefined;
  const { corrects, corrected } = data as EventData<'RecordCorrected'>;
  if (corrects !== 'ThresholdRecorded') return undefined;
  return (corrected as EventData<'ThresholdRecorded'>).touches;
}

function assayIn({ type, data }: StudyRecord): string | undefined {
  if (type === 'MeasurementRecorded') return (data as EventData<'MeasurementRecorded'>).assay;
  if (type !== 'RecordCorrected') return undefined;
  const { corrects, corrected } = data as EventData<'RecordCorrected'>;
  return corrects === 'MeasurementRecorded'
    ? (corrected as EventData<'MeasurementRecorded'>).assay
    : undefined;
}

const TELLERS: { readonly [T in EventType]: Teller<T> } = {
  StudyOpened: ({ title, director }) => [`The study “${title}” was opened, directed by ${director}.`],
  ProtocolApproved: ({ version, protocol }) => [
    `Protocol version ${version} was approved: “${protocol.title}”.`,
  ],
  ProtocolAmended: ({ version, protocol }) => [
    `The protocol was amended to version ${version}: “${protocol.title}”.`,
  ],
  StudyHandedOver: ({ to }) => [`The study was handed over to ${to}, its director from here on.`],
  DirectorReplaced: ({ director }) => [`Management named ${director} as the study director from here on.`],
  ImportMappingSaved: ({ name }) => [`The mapping “${name}” for importing spreadsheets was saved.`],
  StudyClosed: ({ outcome, summary }) => [`The study was closed, ${outcome}${said(summary)}.`],
  SubjectEnrolled: ({ strain, sex, bodyWeight, dateOfBirth, identification, housing }, { who }) => [
    who,
    ` was enrolled: ${[
      strain,
      sex,
      ...(dateOfBirth ? [`born ${dateInWords(dateOfBirth)}`] : []),
      ...(bodyWeight ? [formatQuantity(bodyWeight)] : []),
      ...(identification ? [`mark ${identification.mark}`] : []),
      ...(housing?.cage !== undefined ? [`cage ${housing.cage}`] : []),
    ].join(', ')}.`,
  ],
  BodyWeightRecorded: ({ weight }, { who }) => [who, ` weighed ${formatQuantity(weight)}.`],
  SubjectExcluded: ({ criterion, prespecified }, { who }) => [
    who,
    ` was excluded${criterion ? `: ${words(criterion)}` : ''}, ${prespecified ? 'by a criterion set beforehand' : 'by no criterion set beforehand'}.`,
  ],
  SubjectEuthanised: ({ cause, method }, { who }) => [who, ` was killed, ${words(cause)}: ${method}.`],
  FateRecorded: ({ fate, cause, to }, { who }) => [
    who,
    ` was ${words(fate)}${to ? `, to ${to}` : ''}${cause ? `: ${cause}` : ''}.`,
  ],
  NerveLigated: ({ side, nerve, procedure }, { who }) => {
    if (procedure === 'sham') return [who, ` had a sham operation of the ${side} ${words(nerve)} nerve.`];
    const done =
      procedure === 'partial-ligation' ? ' was ligated in part.' : ` was operated: ${words(procedure)}.`;
    return ['The ', `${side} ${words(nerve)} nerve of `, who, done];
  },
  ModelInduced: ({ kind, sham, agent, dose, volume, site, side }, { who }) => [
    who,
    ` had ${sham ? 'a sham of the model' : 'the model'} induced: ${words(kind)}`,
    [
      agent,
      dose && formatQuantity(dose),
      volume && formatQuantity(volume),
      side === undefined && site === undefined
        ? undefined
        : [side, site && words(site)].filter(Boolean).join(' '),
    ]
      .filter(Boolean)
      .map((part) => `, ${part}`)
      .join(''),
    '.',
  ],
  ElectrodeImplanted: ({ action, model, level }, { who }) => [
    who,
    ` had an electrode ${action} at ${level}: ${model}.`,
  ],
  CatheterImplanted: ({ route, tipLevel }, { who }) => [
    who,
    ` had an ${route} catheter implanted, tip at ${tipLevel}.`,
  ],
  ThresholdRecorded: (run, { who, threshold }) => [who, ...runInWords(run, threshold), '.'],
  MeasurementRecorded: (measurement, { who, assay }) => [who, ...measuredInWords(measurement, assay), '.'],
  MotorThresholdDetermined: ({ amplitude, frequency, pulseWidth }, { who }) => [
    who,
    ` moved at ${quantities(amplitude, frequency, pulseWidth)}: its motor threshold.`,
  ],
  SCSApplied: (
    { setting, amplitude, frequency, pulseWidth, burst, dutyCycle, duration, outcome, follows },
    { who },
  ) => [
    who,
    ` was stimulated${setting === undefined ? '' : ` by the setting ${words(setting)}`} at ${quantities(amplitude, frequency, pulseWidth)}${patternInWords({ burst, dutyCycle })} for ${formatQuantity(duration)}`,
    ...(follows === undefined ? [] : [' after dose ', { record: follows }]),
    `: ${outcome}.`,
  ],
  KetamineAdministered: ({ dose, route, volume, purpose }, { who, nameOf }) => [
    who,
    ` was given ${formatQuantity(dose)} of ${nameOf()}, ${route}, in ${formatQuantity(volume)}, for ${purpose}.`,
  ],
  SubstanceAdministered: ({ substance, dose, route, routeText, volume, purpose }, { who, nameOf }) => [
    who,
    ` was given ${formatQuantity(dose)} of ${nameOf(substance)}, ${routeText ?? words(route)}${volume ? `, in ${formatQuantity(volume)}` : ''}, for ${purpose}.`,
  ],
  SideEffectsScored: ({ scores, after, minute }, { who }) => [
    who,
    ` showed ${scoresInWords(scores) || 'no side effect'} ${minute} min after `,
    { record: after },
    '.',
  ],
  SubEffectiveDoseDesignated: ({ dose, evidence, justification }, { who }) => [
    `${formatQuantity(dose)} was designated as the sub-effective dose of `,
    who,
    ', on ',
    ...cite(evidence),
    `: ${justification}${/[.!?]$/.test(justification) ? '' : '.'}`,
  ],
  WelfareScored: ({ scores, severity, action }, { who }) => [
    who,
    ` scored ${totalOf(scores)} in all${scoresInWords(scores) && ` (${scoresInWords(scores)})`}${severity ? `, ${severity}` : ''}${said(action)}.`,
  ],
  AdverseEventReported: ({ description, severity, expected }, { who }) => [
    who,
    ` had an ${expected ? 'expected' : 'unexpected'} ${severity} event: ${description}.`,
  ],
  InterventionRecorded: ({ kind, agent, dose, description, because }, { who }) => [
    who,
    ` was given ${words(kind)}${[agent, dose, description].map(said).join('')}`,
    ...(because === undefined ? [] : [', because of ', { record: because }]),
    '.',
  ],
  EndpointDecided: ({ endpoint, reachedBy, decision, justification }, { who }) => [
    `Endpoint ${words(endpoint)} of `,
    who,
    ', reached by ',
    { record: reachedBy },
    `, was decided: ${words(decision)}. ${justification}.`,
  ],
  SeverityAssessed: ({ severity, basis }, { who }) => [
    'The severity for ',
    who,
    ` was assessed as ${words(severity)}${said(basis)}.`,
  ],
  RecordCorrected: ({ target, corrects, corrected }, { who, threshold, assay }) => [
    'A correction of ',
    { record: target.number },
    `, ${typeInWords(corrects)}: `,
    who,
    ...(corrects === 'ThresholdRecorded'
      ? runInWords(corrected as EventData<'ThresholdRecorded'>, threshold)
      : corrects === 'MeasurementRecorded'
        ? measuredInWords(corrected as EventData<'MeasurementRecorded'>, assay)
        : []),
    '.',
  ],
  RecordVoided: ({ target, comment }) => [{ record: target.number }, ` was withdrawn${said(comment)}.`],
  EntryDiscarded: ({ command, enteredAt }) => [
    `An entry was discarded and not recorded: ${typeInWords(command)}, entered ${dateInWords(enteredAt)}, ${clockOf(enteredAt)} (${offsetOf(enteredAt)}).`,
  ],
  SignatureApplied: ({ envelope }) => signatureInWords(envelope.payload),
  RecordWitnessed: ({ target, comment }) => [{ record: target.number }, ` was witnessed${said(comment)}.`],
  TrailReviewed: ({ from, to, findings }) => [
    'The trail was reviewed from ',
    { record: from },
    ' to ',
    { record: to },
    `: ${findings}.`,
  ],
  InspectionRecorded: ({ phase, on }) => [`Quality assurance inspected on ${dateInWords(on)}: ${phase}.`],
  InspectionReported: ({ target, to, on }) => [
    'The inspection of ',
    { record: target.number },
    ` was reported to ${to === 'director' ? 'the study director' : 'management'} on ${dateInWords(on)}.`,
  ],
  AttachmentAdded: ({ name, size, comment }) => [
    `The file “${name}” was attached, ${size} bytes${said(comment)}.`,
  ],
  StudyReopened: ({ comment }) => [`The study was reopened${said(comment)}.`],
  StudyArchived: ({ location, retainUntil }) => [
    `The study was archived, to be kept until ${dateInWords(retainUntil)}; what is not in the ledger lies here: ${location}.`,
  ],
  DeviationRecorded: ({ what, animals }) => [
    `A deviation was recorded${animals ? ` of ${animals.join(', ')}` : ''}: ${what}.`,
  ],
  DeviationAcknowledged: ({ target, assessment, impact }) => [
    'The deviation in ',
    { record: target.number },
    ` was assessed${impact ? `, impact ${impact}` : ''}: ${assessment}.`,
  ],
};

function runInWords(
  { paw, touches, minute, session, struck }: EventData<'ThresholdRecorded'>,
  threshold: Threshold | undefined,
): Phrase[] {
  const run = threshold?.run ?? touches.map(({ response }) => response).join('');
  return [
    `, ${paw} paw`,
    ...(session === undefined
      ? []
      : [minute === undefined ? ' in ' : ` ${minute} min after the start of `, { record: session }]),
    `: ${thresholdInWords(threshold)}, run ${run}${struck ? `, ${counted(struck.length, 'touch', 'touches')} struck through` : ''}`,
  ];
}

/** ` was measured at the left hind paw: latency to withdraw from heat 8.4, 9.1, 20.0 (stopped) s` */
function measuredInWords(
  { assay: id, site, trials, session, minute }: EventData<'MeasurementRecorded'>,
  assay: Assay | undefined,
): Phrase[] {
  const title = assay ? `${assay.title.charAt(0).toLowerCase()}${assay.title.slice(1)}` : words(id);
  const unit = assay && assay.unit !== '1' && assay.trials.kind === 'value' ? ` ${assay.unit}` : '';
  return [
    ' was measured',
    ...(session === undefined
      ? []
      : [minute === undefined ? ' in ' : ` ${minute} min after the start of `, { record: session }]),
    ` (${words(site)}): ${title} ${trials.map(trialInWords).join(', ')}${unit}`,
  ];
}

function quantities(...all: readonly Quantity[]): string {
  return all.map(formatQuantity).join(', ');
}

/** `12.4`, `20.0 (stopped)`, `2 of 5 at 0.6`, `52.1 left, 40.3 right`. */
export function trialInWords(trial: EventData<'MeasurementRecorded'>['trials'][number]): string {
  if ('value' in trial) return trial.censored ? `${trial.value} (stopped)` : trial.value;
  if ('left' in trial) return `${trial.left} left, ${trial.right} right`;
  return `${trial.n} of ${trial.of} at ${trial.filament}`;
}

/** The items above 0. */
function scoresInWords(scores: readonly { item: string; score: number }[]): string {
  return scores
    .filter(({ score }) => score > 0)
    .map(({ item, score }) => `${words(item)} ${score}`)
    .join(', ');
}

function said(text: string | undefined): string {
  return text === undefined ? '' : `: ${text.replace(/[.\s]+$/, '')}`;
}

function words(code: string): string {
  return code.replaceAll('-', ' ');
}

/** Over what: who signed and in which meaning is told only where a signature is checked. */
function signatureInWords(payload: string): Phrase[] {
  const statement = readStatement(payload);
  if (!statement) return ['A signature that cannot be read was applied.'];
  const told = coveredBy(statement).flatMap(({ from, to }, index): Phrase[] => [
    ...(index > 0 ? [', '] : []),
    { record: from },
    ...(to > from ? [' to ', { record: to }] : []),
  ]);
  return ['A signature was applied over ', ...told, '.'];
}
